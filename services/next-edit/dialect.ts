/**
 * A dialect is the way in which one family of models was shown next edits: what it sees of a moment, in which words, and
 * how it answers. What a dialect renders it also parses; what it parses can be applied to the file.
 */
import { lineDiff } from "../text/diff.ts"
import type { Span } from "../text/span.ts"
import { wordMiddle } from "../text/word-middle.ts"
import type { EditEvent, EditMoment, NextEditExample } from "./example.ts"

/** What a model is shown, and which part of the file its answer replaces. */
export interface ShownMoment {
  /** Raw text; of a model that chats, what the user says. */
  readonly prompt: string
  /** What stands before the conversation of a model that chats; null for one that goes on with a text. */
  readonly system: string | null
  /** The lines that the answer replaces, as offsets in the text of the file. */
  readonly region: Span
}

/** A moment with the answer to learn. */
export interface RenderedEdit extends ShownMoment {
  readonly completion: string
}

/** Why a moment or its answer cannot be written down in a dialect. */
export interface NotRendered {
  readonly _tag: "refused"
  readonly reason: string
}

/** What a model answered. */
export type NextEditAnswer =
  /** The region after the edit, and where the cursor stands in it, if the model says so. */
  | { readonly _tag: "edit"; readonly text: string; readonly cursor: number | null }
  /** The model sees nothing to do. */
  | { readonly _tag: "no edit" }
  | { readonly _tag: "unreadable"; readonly reason: string }

/** What can be read back from a prompt alone: for people who look at rows, and for scores. */
export interface ReadMoment {
  /** The path of the file at hand. */
  readonly path: string
  /** What of the events is shown, oldest first: stretches of lines, each with its end, and not whole files. */
  readonly events: ReadonlyArray<EditEvent>
  /** Lines of the file above the region, the region as the user sees it, and lines below it, as far as they are shown. */
  readonly above: string
  readonly region: string
  readonly below: string
  /** Where the cursor stands in the region, as a UTF-16 offset; null where the dialect does not say. */
  readonly cursor: number | null
}

/** The way of one family of models. */
export interface Dialect {
  /** The name that `--format` takes. */
  readonly name: string
  /** Strings that have a meaning of their own: a moment that holds one is refused. */
  readonly controls: ReadonlyArray<string>
  /** What ends an answer; a server is told to stop there. */
  readonly stops: ReadonlyArray<string>
  /** Tokens that the model is trained on, prompt and answer together, by the dialect's own estimate. */
  readonly maxTokens: number
  /** Returns the tokens of a text by the dialect's own estimate, which needs no tokenizer. */
  readonly estimate: (text: string) => number
  /** Whether its region grows along the syntax around the cursor, so that `ancestors` are read. */
  readonly growsAlongSyntax: boolean
  readonly show: (moment: EditMoment) => { readonly _tag: "shown"; readonly shown: ShownMoment } | NotRendered
  /** Renders a moment and what came next; refused where the edit is not within the region. */
  readonly render: (
    example: NextEditExample
  ) => { readonly _tag: "rendered"; readonly rendered: RenderedEdit } | NotRendered
  /** Reads what a model answered to a moment that was shown to it. */
  readonly parse: (answer: string, shown: ShownMoment, moment: EditMoment) => NextEditAnswer
  /** Reads a prompt as it stands in a row; undefined where it is not one of the dialect, or is cut off. */
  readonly read: (prompt: string) => ReadMoment | undefined
}

/** Returns the text of a file after an answer; the text as it is where there is no edit. */
export const applied = (text: string, { region }: Pick<ShownMoment, "region">, answer: NextEditAnswer): string =>
  answer._tag === "edit" ? text.slice(0, region.start) + answer.text + text.slice(region.end) : text

/** Returns what can be told of a moment from its prompt alone, which is enough to parse an answer to it. */
export const momentOf = (
  prompt: string,
  { above, below, cursor, events, path, region }: ReadMoment
): { readonly moment: EditMoment; readonly shown: ShownMoment } => ({
  moment: {
    file: { path, text: above + region + below },
    cursor: above.length + (cursor ?? 0),
    events,
    related: [],
    ancestors: []
  },
  shown: { prompt, system: null, region: { start: above.length, end: above.length + region.length } }
})

/**
 * Returns how a dialect renders an example: as it shows the moment, with the answer that `answerOf` gives for the wanted
 * text of the region. Texts that hold a mark of the dialect are refused.
 */
export const renderingWith = (
  show: Dialect["show"],
  isMarked: (text: string) => boolean,
  answerOf: (example: NextEditExample, region: Span, wanted: string) => string | NotRendered
): Dialect["render"] =>
(example) => {
  const made = show(example)
  if (made._tag === "refused") return made
  const wanted = wantedRegion(example, made.shown.region)
  if (wanted === undefined) return notRendered(outsideRegion)
  if (isMarked(wanted)) return notRendered(holdsControls)
  const completion = answerOf(example, made.shown.region, wanted)
  return typeof completion === "string" ? { _tag: "rendered", rendered: { ...made.shown, completion } } : completion
}

/** Returns whether a text holds one of some strings. */
export const holdsOneOf = (strings: ReadonlyArray<string>) => (text: string): boolean =>
  strings.some((string) => text.includes(string))

/** Why an edit is refused that the dialect cannot tell from another one, such as one of the file's last line end alone. */
export const notReadBack = "the dialect cannot say this edit"

/** Why a moment is refused whose paths would be read as something else. */
const unfitPath = "path cannot stand in the prompt"

/**
 * Returns a dialect that refuses each edit which its own answer does not lead to, and each moment one of whose paths
 * holds a mark or a line end, which would forge a part of the prompt.
 */
export const readingBack = (dialect: Dialect): Dialect => ({
  ...dialect,
  show: (moment) => (hasUnfitPath(dialect, moment) ? notRendered(unfitPath) : dialect.show(moment)),
  render: (example) => {
    if (hasUnfitPath(dialect, example)) return notRendered(unfitPath)
    const made = dialect.render(example)
    if (made._tag === "refused") return made
    const { rendered } = made
    const answer = dialect.parse(rendered.completion, rendered, example)
    return applied(example.file.text, rendered, answer) === example.wanted ? made : notRendered(notReadBack)
  }
})

const hasUnfitPath = ({ controls }: Dialect, { events, file, related }: EditMoment): boolean =>
  [file, ...events, ...related].some(({ path }) => /[\n\r]/.test(path) || holdsOneOf(controls)(path))

/** Returns a text without the first of a mark, and where that stood; null where it holds none. */
export const withoutMark = (text: string, mark: string): { readonly text: string; readonly at: number | null } => {
  const at = text.indexOf(mark)
  return at === -1 ? { text, at: null } : { text: text.slice(0, at) + text.slice(at + mark.length), at }
}

/** Returns an answer up to the first string that has a meaning of its own: what comes behind it is no part of it. */
export const beforeMarks = (answer: string, controls: ReadonlyArray<string>): string => {
  const found = controls.map((control) => answer.indexOf(control)).filter((at) => at !== -1)
  return found.length === 0 ? answer : answer.slice(0, Math.min(...found))
}

/** Returns what a model wrote for a region without a line end of its own, which the region only has where it is blank there. */
export const withoutOwnEnd = (written: string, region: string): string =>
  region.endsWith("\n") ? written : written.replace(/\n$/, "")

/** Returns a refusal. */
export const notRendered = (reason: string): NotRendered => ({ _tag: "refused", reason })

/** Why a moment is refused that holds a string of the dialect's own. */
export const holdsControls = "model tokens in the source"
/** Why an edit is refused that reaches beyond what the model may change. */
const outsideRegion = "the edit is not within the region"

/**
 * Returns what of the wanted text stands where the region stood; undefined where the edit changes anything else.
 */
const wantedRegion = (example: NextEditExample, region: Span): string | undefined => {
  const { file: { text }, wanted } = example
  const behind = text.length - region.end
  const isWithin = wanted.length >= region.start + behind && wanted.startsWith(text.slice(0, region.start)) &&
    wanted.endsWith(text.slice(region.end))
  return isWithin ? wanted.slice(region.start, wanted.length - behind) : undefined
}

/** Returns where the cursor stands in the region after the edit: where the user left it, or behind what was written. */
export const cursorInWanted = (example: NextEditExample, region: Span, wanted: string): number => {
  if (example.wantedCursor !== null) return Math.min(Math.max(0, example.wantedCursor - region.start), wanted.length)
  const old = example.file.text.slice(region.start, region.end)
  if (old === wanted) return Math.min(Math.max(0, example.cursor - region.start), wanted.length)
  const last = lineDiff(old, wanted).at(-1)
  if (last === undefined) return wanted.length
  const written = wanted.slice(last.new.start, last.new.end).replace(/\n$/, "")
  const replaced = old.slice(last.old.start, last.old.end).replace(/\n$/, "")
  // Of a line that replaces another one only what differs was written.
  const { tail } = wordMiddle(lastLineOf(replaced), lastLineOf(written))
  return last.new.start + written.length - (replaced === "" || written === "" ? 0 : tail)
}

const lastLineOf = (text: string): string => text.slice(text.lastIndexOf("\n") + 1)
