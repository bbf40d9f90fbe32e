/** Held-out rows as questions with a right answer, whatever shape they have. */
import { presets } from "../../services/formats/presets.ts"
import { withoutEnd } from "../../services/formats/infill.ts"
import { splitPrompt, splitText } from "../../services/formats/split-prompt.ts"
import { parseRegion, parseZed, zedControls } from "../../services/formats/zed.ts"
import { languageToParse } from "../../services/measures/score.ts"
import { applied, type Dialect, momentOf } from "../../services/next-edit/dialect.ts"
import { dialects } from "../../services/next-edit/dialects/all.ts"
import type { EditEvent } from "../../services/next-edit/example.ts"
import { type Fields, languageOfRow, metadataOf, textOf, valueIn } from "../../services/rows/fields.ts"
import { fim } from "../../services/rows/fim.ts"
import { wantedCutIn } from "../../services/rows/picture.ts"
import { segments } from "../../services/rows/segments.ts"
import { shapeOf } from "../../services/rows/shapes.ts"
import { fingerprint } from "../../services/text/random.ts"

/** What stands around a gap. */
export interface AskedGap {
  readonly prefix: string
  readonly suffix: string
}

/** What an answer is to be: the text of a gap, any text, or an edit of a text. */
export type TestGoal =
  | { readonly _tag: "gap"; readonly gap: AskedGap }
  | { readonly _tag: "text" }
  | {
    readonly _tag: "edit"
    readonly original: string
    readonly wanted: string
    /** The text before the user's last edit; null where the prompt does not tell. */
    readonly before: string | null
    /** Returns the text after an answer; undefined where the answer cannot be read. */
    readonly apply: (answer: string) => string | undefined
  }

/** A held-out row. */
export interface TestRow {
  /** Where it stands, as "file:row". */
  readonly place: string
  /** What it asks and its right answer, as a fingerprint: the same in every file. */
  readonly id: string
  /** The prompt with the bytes of training; null where the row has only the parts of one. */
  readonly prompt: string | null
  /** The right answer, without an end token. */
  readonly gold: string
  readonly goal: TestGoal
  /** What ends an answer; none of it is part of one. */
  readonly stops: ReadonlyArray<string>
  readonly language: string
  /** The language in which the file parses with the right answer; null where it does not, or where nobody knows. */
  readonly parsedAs: string | null
  readonly kind: string
  readonly format: string
  readonly group: string
  readonly commit: string
  readonly contextChars: number
}

/** Why a row asks nothing. */
export interface NotAsked {
  readonly _tag: "not asked"
  readonly reason: string
}

const notAsked = (reason: string): NotAsked => ({ _tag: "not asked", reason })

/** What of a row is asked, before what else is known of it. */
type RowQuestion = Pick<TestRow, "prompt" | "gold" | "goal" | "stops">

/** Reads a row. */
export const readTestRow = (row: Fields, place: string): TestRow | NotAsked => {
  const asked = questionIn(row)
  if ("reason" in asked) return asked
  const text = (key: string) => textOf(valueIn(row, key)) ?? ""
  const context = metadataOf(row)["context_chars"]
  return {
    ...asked,
    place,
    id: fingerprint(asked.prompt ?? JSON.stringify(asked.goal), asked.gold),
    language: languageOfRow(row) ?? "",
    parsedAs: asked.goal._tag === "gap" ? languageToParse(row) : null,
    kind: text("kind"),
    format: text("format"),
    group: text("group"),
    commit: text("commit"),
    contextChars: typeof context === "number" ? context : (textOf(row["context"]) ?? "").length
  }
}

const questionIn = (row: Fields): RowQuestion | NotAsked => {
  const shape = shapeOf(row)
  if (shape === fim) return gapQuestion(row)
  const asked = shape.asked?.(row)
  if (asked === undefined || !asksOneText.has(shape.name)) {
    return notAsked(`rows of the shape ${shape.name} are not asked`)
  }
  if (asked.wanted === undefined) return notAsked("an unwanted answer")
  const { prompt, wanted } = asked
  const dialect = dialects.find(({ name }) => name === valueIn(row, "format"))
  if (dialect !== undefined) return dialectQuestion(dialect, prompt, wanted)
  return zedQuestion(row, prompt, wanted) ?? promptQuestion(prompt, wanted)
}

/** Shapes whose rows ask with one text. */
const asksOneText: ReadonlySet<string> = new Set(["sft", "kto", "dpo", segments.name])

/** The tokens that end what a model of a preset writes: its own end, and any other token of its layout. */
const stopsOf = (presetName: string): ReadonlyArray<string> => presets.get(presetName)?.controls ?? []

const withoutEndOf = (presetName: string, answer: string): string => {
  const preset = presets.get(presetName)
  return preset === undefined ? answer : withoutEnd(preset, answer)
}

/** A row that holds the parts of a text, and perhaps the text as it was trained on. */
const gapQuestion = (row: Fields): RowQuestion | NotAsked => {
  const cut = wantedCutIn(fim.view(row).sections)
  if (cut === undefined) return notAsked("no middle")
  const { middle, prefix, suffix } = cut
  const text = textOf(row["text"]) ?? segments.asked?.(row)?.prompt ?? ""
  const split = splitText(text, middle) ?? splitPrompt(text)
  const prompt = split === undefined ? null : promptBefore(text, middle, split.preset)
  return {
    prompt,
    gold: middle,
    goal: { _tag: "gap", gap: { prefix, suffix } },
    stops: split === undefined ? [] : stopsOf(split.preset)
  }
}

const promptBefore = (text: string, middle: string, presetName: string): string => {
  const whole = withoutEndOf(presetName, text)
  return middle !== "" && whole.endsWith(middle) ? whole.slice(0, -middle.length) : text
}

/** A prompt with the tokens of a model, or any other. */
const promptQuestion = (prompt: string, wanted: string): RowQuestion => {
  const split = splitPrompt(prompt)
  return split === undefined
    ? { prompt, gold: wanted, goal: { _tag: "text" }, stops: [] }
    : {
      prompt,
      gold: withoutEndOf(split.preset, wanted),
      goal: { _tag: "gap", gap: { prefix: split.prefix, suffix: split.suffix } },
      stops: stopsOf(split.preset)
    }
}

const zedQuestion = (row: Fields, prompt: string, wanted: string): RowQuestion | undefined => {
  const chars = metadataOf(row)["context_chars"]
  const zed = parseZed(prompt, wanted, typeof chars === "number" ? chars : 0)
  if (zed === undefined) return undefined
  const withRegion = (region: string) => zed.before + region + zed.after
  return {
    prompt,
    gold: wanted,
    goal: {
      _tag: "edit",
      original: withRegion(zed.region),
      wanted: withRegion(zed.rewritten),
      before: null,
      apply: (answer) => {
        // The mark behind the region ends the answer, so a server leaves it out.
        const region = parseRegion(answer) ?? parseRegion(`${answer}${zedEnd}`)
        return region === undefined ? undefined : withRegion(region)
      }
    },
    stops: [zedEnd]
  }
}

/** Where clients of Zed's first model stop. */
const zedEnd = `\n${zedControls[1] ?? ""}`

const dialectQuestion = (dialect: Dialect, prompt: string, wanted: string): RowQuestion | NotAsked => {
  const read = dialect.read(prompt)
  if (read === undefined) return notAsked(`the prompt is none of ${dialect.name}`)
  const { moment, shown } = momentOf(prompt, read)
  const apply = (answer: string): string | undefined => {
    const said = dialect.parse(answer, shown, moment)
    return said._tag === "unreadable" ? undefined : applied(moment.file.text, shown, said)
  }
  const after = apply(wanted)
  if (after === undefined) return notAsked("the right answer cannot be read")
  return {
    prompt,
    gold: wanted,
    goal: {
      _tag: "edit",
      original: moment.file.text,
      wanted: after,
      before: withoutLastEdit(moment.file.text, read.path, read.events),
      apply
    },
    stops: dialect.stops
  }
}

/** Returns the text before the last edit of it, where that can be found in it. */
const withoutLastEdit = (text: string, path: string, events: ReadonlyArray<EditEvent>): string | null => {
  const last = events.findLast((event) => event.path === path)
  if (last === undefined || last.after === "") return null
  const at = text.indexOf(last.after)
  return at === -1 ? null : text.slice(0, at) + last.before + text.slice(at + last.after.length)
}
