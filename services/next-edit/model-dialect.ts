/** Which dialect a model was trained on, by what people call it. */
import { presetSpelled } from "../formats/model-names.ts"
import { presets } from "../formats/presets.ts"
import type { Dialect } from "./dialect.ts"
import { dialectNamed } from "./dialects/all.ts"

/** What names of files and tags add to the name of a model: how its numbers are packed, and in which form it lies there. */
const packing = /:.*$|[-_.](?:gguf|awq|gptq|mlx|exl2|fp8|bf16|f16|i?q\d\w*)(?=[-_.:]|$).*$/i

/**
 * Returns the dialect of a model by the name of the dialect, or any usual name of the model; undefined where none is known.
 *
 * @example
 * dialectOfModel("hf.co/zed-industries/zeta-2.1-GGUF:Q8_0")?.name // "zeta2.1"
 */
export const dialectOfModel = (model: string): Dialect | undefined => {
  const preset = presets.get(presetSpelled(model.replace(packing, "")) ?? "")
  return dialectNamed(model.toLowerCase()) ?? dialectNamed(preset?.nextEdit ?? "")
}
