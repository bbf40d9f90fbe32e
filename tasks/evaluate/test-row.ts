/** Held-out rows as questions with right answers: ours as they were trained on, those of public sets in a model's layout. */
import { answerShownIn, isAfterCutoff } from "../../services/evaluation-sets/answer-shown.ts"
import type { KeystrokeRow } from "../../services/evaluation-sets/keystroke-row.ts"
import type { DialectQuestion, EditRow, EvaluationRow, InfillRow } from "../../services/evaluation-sets/row.ts"
import { commentStyle, placeContext, renderHeader, styleOf } from "../../services/formats/context-style.ts"
import { renderInfill } from "../../services/formats/infill.ts"
import { type Preset, presets } from "../../services/formats/presets.ts"
import { presetsOfPrompt } from "../../services/formats/split-prompt.ts"
import { type ReadAnswer, regionAfter } from "../../services/measures/next-edit/edit-score.ts"
import { type Dialect, holdsControls, holdsOneOf, type ReadMoment } from "../../services/next-edit/dialect.ts"
import { dialects } from "../../services/next-edit/dialects/all.ts"
import { languageNamed } from "../../services/text/language.ts"
import { fingerprint } from "../../services/text/random.ts"

/** What stands around a gap. */
export interface AskedGap {
  readonly prefix: string
  readonly suffix: string
  /** Code of other files, which stands before the prefix where a gap is asked by its parts; "" for none. */
  readonly context: string
}

/** What an answer is to be: the text of a gap, an edit of what is shown of a file, or keystrokes. */
export type TestGoal =
  | KeystrokeGoal
  | { readonly _tag: "gap"; readonly gap: AskedGap }
  | {
    readonly _tag: "edit"
    readonly shown: ReadMoment
    /** Right answers; there is at least one. */
    readonly wanted: readonly [ReadAnswer, ...ReadonlyArray<ReadAnswer>]
    /** Reads an answer; undefined where it is no edit. */
    readonly read: (answer: string) => ReadAnswer | undefined
  }

/** Keys that turn one text into another in Vim. */
export interface KeystrokeGoal extends Pick<KeystrokeRow, "source" | "target" | "system" | "right" | "vimOptions"> {
  readonly _tag: "keystrokes"
}

/** Returns what is shown of the file after an answer. */
export const visibleAfter = (shown: ReadMoment, answer: ReadAnswer): string =>
  shown.above + regionAfter(shown, answer) + shown.below

/** Returns the right answer of a row as a text: what stands in the gap, or what is shown of the file after the edit. */
export const rightTextOf = ({ goal, gold }: TestRow): string =>
  goal._tag === "edit" ? visibleAfter(goal.shown, goal.wanted[0]) : gold

/** A held-out row. */
export interface TestRow {
  /** Where it stands, as "file:row". */
  readonly place: string
  /** What it asks and its right answer, as a fingerprint: the same in every file. */
  readonly id: string
  /** The prompt with the bytes of training; null for a gap that no layout was chosen for. */
  readonly prompt: string | null
  /** The right answer, as the model should write it. */
  readonly gold: string
  readonly goal: TestGoal
  /** What ends an answer; none of it is part of one. */
  readonly stops: ReadonlyArray<string>
  readonly language: string
  /** Whether prefix, right answer and suffix are the whole file. */
  readonly isWhole: boolean
  readonly kind: string
  /** "keystrokes", name of the dialect of an edit, or of the order in which a gap is shown; "" where it is not told. */
  readonly format: string
  readonly group: string
  readonly commit: string
  readonly contextChars: number
  /** Where the answer can be copied from, by name. */
  readonly shownIn: "the prompt" | "other files" | "nowhere"
  /** Whether the code is younger than the model; null where the row or the user does not say. */
  readonly isAfterCutoff: boolean | null
  /** Whether the model may know the answer from the rows that it was trained on. */
  readonly trained: TrainedOn
}

/** What of a row stands in the rows to train on; null where there are none. */
export type TrainedOn = "question" | "answer" | "neither" | null

/** Why a row asks nothing. */
export interface NotAsked {
  readonly _tag: "not asked"
  readonly reason: string
}

const notAsked = (reason: string): NotAsked => ({ _tag: "not asked", reason })

/** What of a row is asked, before what else is known of it. */
type RowQuestion = Pick<TestRow, "prompt" | "gold" | "goal" | "stops"> & Partial<Pick<TestRow, "format">>

/** What is known of a row beside what is asked. */
interface RowBeside extends Pick<TestRow, "place" | "isWhole" | "format"> {
  /** The layout for a row that is written for no model. */
  readonly layout: string | null
  /** When the training of the model ended, as `isAfterCutoff` takes it; null where nobody says. */
  readonly cutoff: string | null
}

/** Makes a question of a row; one that is written for no model is asked in the layout of that name. */
export const testRowOf = (
  row: EvaluationRow,
  { cutoff, format, isWhole, layout, place }: RowBeside
): TestRow | NotAsked => {
  const question = row._tag === "infill" ? gapQuestion(row, layout) : editQuestion(row, layout)
  if ("reason" in question) return question
  const { commit, contextChars, group, kind, language } = row
  const id = fingerprint(question.prompt ?? JSON.stringify(question.goal), question.gold)
  const { inContext, inPrompt } = answerShownIn(row)
  return {
    format,
    ...question,
    place,
    id,
    isWhole,
    language,
    kind,
    group,
    commit,
    contextChars,
    shownIn: inPrompt ? "the prompt" : inContext ? "other files" : "nowhere",
    isAfterCutoff: cutoff === null ? null : isAfterCutoff(row, cutoff),
    trained: null
  }
}

const gapQuestion = (row: InfillRow, layout: string | null): RowQuestion | NotAsked => {
  const { gold, prefix, suffix } = row
  const preset = presets.get(layout ?? "")
  const prompt = row.prompt ?? (preset === undefined ? null : promptIn(preset, row))
  return prompt === undefined
    ? notAsked(holdsControls)
    : {
      prompt,
      gold,
      goal: { _tag: "gap", gap: { prefix, suffix, context: contextIn(row) } },
      stops: row.prompt === null ? preset?.controls ?? [] : stopsOfPrompt(row.prompt, gold)
    }
}

/**
 * What ends what a model writes behind a prompt of training: its own end tokens, and any other token of its layout. Models
 * share their layouts, so those of all that have this one are taken, ends first, as some servers take only a few. What
 * stands in the right answer is no token of the model that the row was written for.
 */
const stopsOfPrompt = (prompt: string, gold: string): ReadonlyArray<string> => {
  const sharing = presetsOfPrompt(prompt)
  const stops = [
    ...sharing.map(({ carriedEnd, end }) => (carriedEnd || end).trim()),
    ...sharing.flatMap(({ controls }) => controls)
  ]
  return [...new Set(stops)].filter((stop) => !gold.includes(stop))
}

/** Other files under comments, as models that have no tokens for them are shown them; ours are written so already. */
const contextIn = ({ context, language }: InfillRow): string => {
  const style = commentStyle(languageNamed(language)?.lineComment ?? null)
  return context.map(({ path, text }) => (path === "" ? text : `${renderHeader(style, path)}${text}\n`)).join("")
}

/** Returns the prompt of a row in the layout of a model, other files first; undefined where its tokens stand in it. */
const promptIn = (preset: Preset, row: InfillRow): string | undefined => {
  const { language, path, prefix, repository, suffix } = row
  const style = styleOf(preset, languageNamed(language)?.lineComment ?? null)
  const isMarked = holdsOneOf(preset.controls)
  const context = row.context.map((file) => `${renderHeader(style, file.path)}${file.text}\n`).join("")
  if (isMarked(prefix) || isMarked(suffix) || row.context.some(({ text }) => isMarked(text))) return undefined
  const { beforePrefix, beforePrompt } = placeContext(preset, context, { path, repository })
  const infill = { prefix: beforePrefix + prefix, suffix, middle: "", path, language }
  return beforePrompt + renderInfill(preset, preset.native, infill).prompt
}

const editQuestion = (row: EditRow, layout: string | null): RowQuestion | NotAsked => {
  const { moment, wanted: [first] } = row
  const dialect = dialects.find(({ name }) => name === (row.asked?.dialect ?? layout))
  if (dialect === undefined) return notAsked("an edit that is written for no model; --layout names one")
  const asked = row.asked ?? shownIn(dialect, row, first ?? "")
  if ("reason" in asked) return notAsked(asked.reason)
  const { completion, shown } = asked
  const { cursor, events, file: { path, text } } = moment
  const { end, start } = shown.region
  const visible: ReadMoment = {
    path,
    events,
    above: text.slice(0, start),
    region: text.slice(start, end),
    below: text.slice(end),
    cursor: cursor - start
  }
  const [wanted, ...others] = row.wanted.flatMap((after) => answerTo(visible, after) ?? [])
  if (wanted === undefined) return notAsked("no right answer within the region")
  return {
    prompt: shown.prompt,
    gold: completion,
    goal: {
      _tag: "edit",
      shown: visible,
      wanted: [wanted, ...others],
      read: (answer) => {
        const said = dialect.parse(answer, shown, moment)
        return said._tag === "unreadable" ? undefined : said
      }
    },
    stops: dialect.stops,
    format: dialect.name
  }
}

/** Returns the answer that leads to a text; undefined where it changes more than the region. */
const answerTo = ({ above, below, region }: ReadMoment, after: string): ReadAnswer | undefined => {
  if (!after.startsWith(above) || !after.endsWith(below) || after.length < above.length + below.length) return undefined
  const text = after.slice(above.length, after.length - below.length)
  return text === region ? { _tag: "no edit" } : { _tag: "edit", text, cursor: null }
}

const shownIn = (
  dialect: Dialect,
  { moment }: EditRow,
  wanted: string
): DialectQuestion | { readonly reason: string } => {
  const made = dialect.render({ ...moment, wanted, wantedCursor: null })
  if (made._tag === "refused") return made
  const { completion, ...shown } = made.rendered
  return { dialect: dialect.name, shown, completion }
}
