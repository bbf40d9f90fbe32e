/**
 * A script that serves what was trained with llama.cpp, whose /infill llama.vim asks. llama.cpp finds the tokens of a
 * model by their spelling, and knows two orders.
 */
import type { Preset } from "../../../services/formats/presets.ts"
import type { Recipe } from "./recipe.ts"

const server = "llama.cpp 00dc805"
const client = "llama.vim a1c8e6e"

/** The spellings of the token before a prefix that llama.cpp looks for in a model (src/llama-vocab.cpp). */
export const prefixTokens: ReadonlyArray<string> = [
  "<|fim_prefix|>",
  "<fim-prefix>",
  "<fim_prefix>",
  "<\uff5cfim\u2581begin\uff5c>",
  "<PRE>",
  "\u2581<PRE>",
  "<|code_prefix|>"
]

/** Returns what llama.cpp is told of the order of rows; undefined where it cannot ask as the rows do. */
const orderOf = (preset: Preset, formats: ReadonlyArray<string>): string | undefined => {
  const marks = (preset.layouts.PSM ?? preset.layouts.SPM1 ?? []).filter((piece) => typeof piece === "string")
  if (marks.length !== 3 || !marks.some((mark) => prefixTokens.includes(mark.trim()))) return undefined
  if (formats.includes("PSM")) return ""
  return formats.includes("SPM1") ? " --spm-infill" : undefined
}

/** Returns the script; `merged` is the folder of the trained model. Undefined where llama.cpp asks in another way. */
export const llamaCppRecipe = (
  preset: Preset,
  formats: ReadonlyArray<string>,
  merged: string
): Recipe | undefined => {
  const isZed = formats.every((format) => format === "ZED")
  const order = isZed ? "" : orderOf(preset, formats)
  if (order === undefined) return undefined
  const file = "serve-llama-cpp.sh"
  const title = isZed ? server : `${server}, ${client}`
  return {
    file,
    title,
    language: "sh",
    run: `LLAMA_CPP=~/llama.cpp sh recipes/${file}`,
    text: [
      "#!/bin/sh",
      `# Serves what was trained with llama.cpp. Written for ${title}.`,
      "#",
      `#     LLAMA_CPP=~/llama.cpp sh recipes/${file} [FOLDER OF THE MERGED MODEL]    # in the dataset's folder`,
      "#",
      ...(isZed
        ? [
          "# These rows have the prompt of Zed's edit prediction. llama.vim asks for fill-in-the-middle, which they do not",
          "# teach: a client sends their prompt to /completion, and stops at \"<|editable_region_end|>\"."
        ]
        : [
          "# llama.cpp finds the tokens that the rows have in the model, and llama.vim asks this port by default:",
          "#",
          "#     let g:llama_config = { 'endpoint_fim': 'http://127.0.0.1:8012/infill' }"
        ]),
      "set -eu",
      ": \"${LLAMA_CPP:?is not set: name the folder of the sources of llama.cpp}\"",
      `MERGED=\${1:-${merged}}`,
      "python \"$LLAMA_CPP/convert_hf_to_gguf.py\" \"$MERGED\" --outfile \"$MERGED/model.gguf\" --outtype q8_0",
      "# As many tokens at once as llama.vim sends around the cursor, and room for what it sends of other files.",
      `llama-server -m "$MERGED/model.gguf" --port 8012 -b 1024 -ub 1024 --ctx-size 0 --cache-reuse 256${order}`,
      ""
    ].join("\n")
  }
}
