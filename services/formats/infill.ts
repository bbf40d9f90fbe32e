/** Fill-in-the-middle text: an example is rendered in the tokens of a model, and parsed back. */
import type { Layout, Order, Preset, Slot } from "./presets.ts"

/** An example whose middle is to be filled in. */
export interface Infill {
  readonly prefix: string
  readonly suffix: string
  readonly middle: string
  /** Path of the file and name of its language, for models whose prompts name them. */
  readonly path: string
  readonly language: string
}

/** An example as a model reads and answers it. */
export interface Rendered {
  /** Everything before the middle. */
  readonly prompt: string
  /** The middle, without an end token. */
  readonly completion: string
}

const valueOf = (infill: Infill, slot: Slot): string => {
  switch (slot) {
    case "P":
      return infill.prefix
    case "S":
      return infill.suffix
    case "M":
      return infill.middle
    case "path":
      return infill.path
    case "language":
      return infill.language
  }
}

const layoutOf = (preset: Preset, order: Order): Layout => {
  const layout = preset.layouts[order]
  if (layout === undefined) throw new Error(`${preset.name} has no ${order} layout: resolveFormat tells which it has`)
  return layout
}

/**
 * Renders an example in `order`, which the preset must have.
 *
 * @example
 * const qwen = presets.get("qwen2.5-coder")!
 * const infill = { prefix: "a", middle: "b", suffix: "c", path: "x.py", language: "python" }
 * renderInfill(qwen, "PSM", infill).prompt // "<|fim_prefix|>a<|fim_suffix|>c<|fim_middle|>"
 */
export const renderInfill = (preset: Preset, order: Order, infill: Infill): Rendered => {
  let prompt = ""
  for (const piece of layoutOf(preset, order)) {
    if (typeof piece === "string") prompt += piece
    else if (piece.slot !== "M") prompt += valueOf(infill, piece.slot)
  }
  return { prompt, completion: infill.middle }
}

/** UTF-16 units of a prompt beside the parts of its example, the path and the language being part of the rest. */
export const infillFrameLength = (preset: Preset, order: Order, names: Pick<Infill, "path" | "language">): number =>
  renderInfill(preset, order, { ...names, prefix: "", middle: "", suffix: "" }).prompt.length

/**
 * Parses what `renderInfill` wrote; undefined when the prompt has another form. Slots that the layout lacks are "".
 * An end token is taken off the completion where there is one.
 */
export const parseInfill = (preset: Preset, order: Order, rendered: Rendered): Infill | undefined => {
  const values: Record<Slot, string> = {
    P: "",
    S: "",
    M: withoutEnd(preset, rendered.completion),
    path: "",
    language: ""
  }
  const { prompt } = rendered
  const layout = layoutOf(preset, order)
  let at = 0
  for (const [index, piece] of layout.entries()) {
    if (typeof piece === "string") {
      if (!prompt.startsWith(piece, at)) return undefined
      at += piece.length
    } else if (piece.slot !== "M") {
      const next = layout[index + 1]
      const stop = typeof next === "string" ? prompt.indexOf(next, at) : prompt.length
      if (stop === -1) return undefined
      values[piece.slot] = prompt.slice(at, stop)
      at = stop
    }
  }
  if (at !== prompt.length) return undefined
  return { prefix: values.P, suffix: values.S, middle: values.M, path: values.path, language: values.language }
}

/** Returns a completion, or a text that ends with one, without the end token that it carries, or the part of one. */
export const withoutEnd = (preset: Preset, completion: string): string => {
  for (const end of [preset.end, preset.carriedEnd]) {
    if (end !== "" && completion.endsWith(end)) return completion.slice(0, -end.length)
  }
  return completion
}

/** Whether the middle follows the prefix with no token between them, so that a tokenizer could merge the two. */
export const hasBareJoint = (preset: Preset, order: Order): boolean =>
  typeof layoutOf(preset, order).at(-2) !== "string"

/**
 * Whether no tokenizer merges across the joint of prefix and middle: it lies behind a line end, or before a space that
 * starts a word, where byte-pair tokenizers split first.
 */
export const isTokenBoundary = (prefix: string, middle: string): boolean =>
  prefix === "" || (prefix.endsWith("\n") && !/^\s/.test(middle)) || (/\S$/.test(prefix) && /^ \p{L}/u.test(middle))
