/**
 * Takes apart a prompt with the fill-in-the-middle tokens of a model, whoever wrote it. It also tells what stands
 * before the first token, such as code from other files. It is looser than `parseInfill`, which reads only what we
 * write.
 */
import { withoutEnd } from "./infill.ts"
import { type Layout, type Preset, presets, type Slot } from "./presets.ts"

/** The parts of a prompt. */
export interface SplitPrompt {
  /** Name of the first preset that has these tokens; several models share theirs. */
  readonly preset: string
  /** What stands before the first token. */
  readonly head: string
  readonly prefix: string
  readonly suffix: string
}

/** Returns the parts of a prompt that ends where the middle begins, or undefined when it has the tokens of no model. */
export const splitPrompt = (prompt: string): SplitPrompt | undefined => {
  for (const { layouts, name } of presets.values()) {
    for (const layout of Object.values(layouts)) {
      const parts = splitBy(layout, prompt)
      if (parts !== undefined) return { preset: name, ...parts }
    }
  }
  return undefined
}

/** Returns the presets whose tokens a prompt has: models share them, and differ in what ends their answers. */
export const presetsOfPrompt = (prompt: string): ReadonlyArray<Preset> =>
  [...presets.values()].filter(({ layouts }) =>
    Object.values(layouts).some((layout) => splitBy(layout, prompt) !== undefined)
  )

/**
 * Returns the parts of a text that holds prefix, suffix and middle; `middle` is what the text ends with, where that is
 * known.
 *
 * @example
 * splitText("<|fim_prefix|>a<|fim_suffix|>c<|fim_middle|>b")?.middle // "b"
 */
export const splitText = (
  text: string,
  middle: string | undefined = undefined
): SplitPrompt & { readonly middle: string } | undefined => {
  // Models share their tokens: each is looked for once.
  const found = new Map<string, number>()
  const lastOf = (mark: string, end: number): number => {
    const at = found.get(mark) ?? text.lastIndexOf(mark)
    found.set(mark, at)
    return at + mark.length <= end ? at : text.lastIndexOf(mark, end - mark.length)
  }
  for (const preset of presets.values()) {
    const whole = withoutEnd(preset, text)
    if (middle !== undefined) {
      const split = whole.endsWith(middle) ? splitPrompt(whole.slice(0, whole.length - middle.length)) : undefined
      if (split !== undefined) return { ...split, middle }
      continue
    }
    for (const layout of Object.values(preset.layouts)) {
      const mark = layout.at(-2)
      if (typeof mark !== "string") continue
      const at = lastOf(mark, whole.length)
      const parts = at === -1 ? undefined : splitBy(layout, whole.slice(0, at + mark.length))
      if (parts !== undefined) return { preset: preset.name, ...parts, middle: whole.slice(at + mark.length) }
    }
  }
  return undefined
}

const splitBy = (layout: Layout, prompt: string): Omit<SplitPrompt, "preset"> | undefined => {
  const values: Partial<Record<Slot, string>> = {}
  let at = prompt.length
  for (let index = layout.length - 2; index >= 0; index--) {
    const piece = layout[index]
    if (piece === undefined) return undefined
    if (typeof piece === "string") {
      if (!prompt.endsWith(piece, at)) return undefined
      at -= piece.length
      continue
    }
    const mark = layout[index - 1]
    const found = typeof mark === "string" ? prompt.lastIndexOf(mark, at - mark.length) : 0
    if (found === -1) return undefined
    const start = typeof mark === "string" ? found + mark.length : 0
    values[piece.slot] = prompt.slice(start, at)
    at = start
  }
  return { head: prompt.slice(0, at), prefix: values.P ?? "", suffix: values.S ?? "" }
}
