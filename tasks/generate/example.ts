/** One cut becomes one example: rendered in its format, fitted into its budget, with a negative where one is asked. */
import { type FormatShare, type RowFormat } from "../../services/formats/format-name.ts"
import { hasBareJoint, infillFrameLength, isTokenBoundary, renderInfill } from "../../services/formats/infill.ts"
import type { Preset } from "../../services/formats/presets.ts"
import { placeContext } from "../../services/formats/context-style.ts"
import { isZedPath, renderEditableRegion, renderZed, zedControls } from "../../services/formats/zed.ts"
import type { Cut, CutLimits } from "../../services/cuts/cut.ts"
import type { Hunk } from "../../services/text/diff.ts"
import { drawIndex, type Random } from "../../services/text/random.ts"
import { isBlank, type Span } from "../../services/text/span.ts"
import { fitInfill } from "../../services/formats/fit-infill.ts"
import { zedExample } from "./zed-example.ts"

export interface Example {
  /** The name of the format: an order of the model's parts, ZED, or a dialect of next edits. */
  readonly format: string
  /** Whether the completion ends with words of the format, so that nothing but the tokenizer's end token follows. */
  readonly endsItself: boolean
  readonly prompt: string
  /** The right completion, without an end token. */
  readonly completion: string
  /** The completion with another middle in its place. */
  readonly completionWith: (middle: string) => string
  /** The parts of the example as plain text; of a ZED example what stands around the middle in its excerpt. */
  readonly prefix: string
  readonly middle: string
  readonly suffix: string
  /** Answers that may not stand in too many places: the middle, and the completion where it holds more than that. */
  readonly answers: ReadonlyArray<string>
  /** Code of other files, "" for none. */
  readonly context: string
  readonly prefixCut: number
  readonly suffixCut: number
  readonly span: Span
}

export type Made = { readonly _tag: "made"; readonly example: Example } | {
  readonly _tag: "refused"
  readonly reason: string
}

export interface ExampleRequest {
  readonly text: string
  readonly path: string
  readonly language: string
  readonly cut: Cut
  readonly limits: CutLimits
  readonly preset: Preset
  readonly formats: ReadonlyArray<FormatShare>
  /** UTF-16 units of prompt and completion together, at the most. */
  readonly maxTotalChars: number
  readonly random: Random
  /** Prompts that were asked before; no prompt is asked twice. */
  readonly asked: ReadonlySet<string>
  readonly repository: string
  /** Gives code of other files for a place in this one, of a length; null where rows see none. */
  readonly contextOf: ((prefix: string, suffix: string, budget: number) => string) | null
  /** What the commit did to the file; null for a cut from a tree. */
  readonly edit: { readonly before: string; readonly oldPath: string; readonly hunks: ReadonlyArray<Hunk> } | null
}

const refused = (reason: string): Made => ({ _tag: "refused", reason })

export const makeExample = (request: ExampleRequest): Made => {
  const { formats, random } = request
  const format = formats[drawIndex(random, formats.map(({ share }) => share)) ?? 0]?.format ?? request.preset.native
  const made = format === "ZED" ? makeZed(request, false) : makeInfill(request, format)
  if (!isAsked(request, made)) return made
  // Cuts of one small replacement ask for all of it: the next one asks for its own part only.
  const other = format === "ZED" ? makeZed(request, true) : made
  return isAsked(request, other) ? refused("asked already") : other
}

const isAsked = (request: ExampleRequest, made: Made): boolean =>
  made._tag === "made" && request.asked.has(made.example.prompt)

const makeInfill = (request: ExampleRequest, order: Exclude<RowFormat, "ZED">): Made => {
  const { cut, language, maxTotalChars, path, preset, repository, text } = request
  const span = hasBareJoint(preset, order) ? withSpaceBefore(text, cut.span) : cut.span
  const middle = text.slice(span.start, span.end)
  const before = text.slice(0, span.start)
  const behind = text.slice(span.end)
  const context = request.contextOf?.(before, behind, maxTotalChars - middle.length) ?? ""
  const { beforePrefix, beforePrompt } = placeContext(preset, context, { repository, path })
  const frame = infillFrameLength(preset, order, { path, language })
  const taken = frame + middle.length + beforePrefix.length + beforePrompt.length
  const fitted = fitInfill(before, behind, taken, maxTotalChars)
  if (fitted === undefined) return refused("over the size limit")
  const { prefix, suffix } = fitted
  if (isBlank(prefix) && isBlank(suffix)) return refused("no room for context")
  if (hasBareJoint(preset, order) && !isTokenBoundary(prefix, middle)) return refused("tokens could merge at the cut")
  if (holdsAny(preset.controls, [prefix, middle, suffix])) return refused("model tokens in the source")
  const infill = { prefix: beforePrefix + prefix, suffix, middle, path, language }
  const { completion, prompt } = renderInfill(preset, order, infill)
  return {
    _tag: "made",
    example: {
      format: order,
      endsItself: false,
      prompt: beforePrompt + prompt,
      completion,
      completionWith: (other) => other,
      prefix,
      middle,
      suffix,
      answers: [middle],
      context,
      prefixCut: fitted.prefixCut,
      suffixCut: fitted.suffixCut,
      span
    }
  }
}

/** Moves a single space before the middle into it: tokenizers keep a space with the word that it precedes. */
const withSpaceBefore = (text: string, span: Span): Span => {
  const isLone = text[span.start - 1] === " " && /\S/.test(text[span.start - 2] ?? "")
  return isLone && /^\p{L}/u.test(text.slice(span.start, span.start + 2))
    ? { start: span.start - 1, end: span.end }
    : span
}

const makeZed = (request: ExampleRequest, asInsertion: boolean): Made => {
  const { cut, edit, limits, maxTotalChars, path, preset, text } = request
  if (edit === null) return refused("no edit to predict")
  if (!isZedPath(path) || !isZedPath(edit.oldPath)) return refused("path cannot stand in the prompt")
  const zedOf = (total: number) =>
    zedExample({ ...edit, asInsertion, path, after: text, middle: cut.span, limits, total })
  const alone = zedOf(maxTotalChars)
  if (alone === undefined) return refused("over the size limit")
  const { region: seen, rewritten: typed } = alone.example
  const context = request.contextOf?.(alone.prefix, alone.suffix, maxTotalChars - seen.length - typed.length) ?? ""
  // A line end follows the context.
  const zed = context === "" ? alone : zedOf(maxTotalChars - context.length - 1)
  if (zed === undefined) return refused("over the size limit")
  const { prompt, completion } = renderZed(zed.example, context)
  const { after, before, cursor, events, region, rewritten } = zed.example
  const shown = [before, region, rewritten, after, ...events.map((event) => event._tag === "edited" ? event.diff : "")]
  if (holdsAny(zedControls, shown) || holdsAny(preset.controls, shown)) return refused("model tokens in the source")
  return {
    _tag: "made",
    example: {
      format: "ZED",
      endsItself: true,
      prompt,
      completion,
      completionWith: (other) => renderEditableRegion(zed.rewrittenWith(other)),
      prefix: before + region.slice(0, cursor),
      middle: text.slice(cut.span.start, cut.span.end),
      suffix: region.slice(cursor) + after,
      answers: [text.slice(cut.span.start, cut.span.end), completion],
      context,
      prefixCut: zed.prefixCut,
      suffixCut: zed.suffixCut,
      span: cut.span
    }
  }
}

const holdsAny = (controls: ReadonlyArray<string>, texts: ReadonlyArray<string>): boolean =>
  controls.some((control) => texts.some((text) => text.includes(control)))
