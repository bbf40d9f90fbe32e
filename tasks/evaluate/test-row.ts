/** Held-out rows as questions with right answers: ours as they were trained on, those of public sets in a model's layout. */
import type { DialectQuestion, EditRow, EvaluationRow, InfillRow } from "../../services/evaluation-sets/row.ts"
import { commentStyle, placeContext, renderHeader, styleOf } from "../../services/formats/context-style.ts"
import { renderInfill } from "../../services/formats/infill.ts"
import { type Preset, presets } from "../../services/formats/presets.ts"
import { splitPrompt } from "../../services/formats/split-prompt.ts"
import { applied, type Dialect, holdsControls, holdsOneOf } from "../../services/next-edit/dialect.ts"
import { dialects } from "../../services/next-edit/dialects/all.ts"
import type { EditMoment } from "../../services/next-edit/example.ts"
import { languageNamed } from "../../services/text/language.ts"
import { fingerprint } from "../../services/text/random.ts"

/** What stands around a gap. */
export interface AskedGap {
  readonly prefix: string
  readonly suffix: string
  /** Code of other files, which stands before the prefix where a gap is asked by its parts; "" for none. */
  readonly context: string
}

/** What an answer is to be: the text of a gap, or an edit of a text. */
export type TestGoal =
  | { readonly _tag: "gap"; readonly gap: AskedGap }
  | {
    readonly _tag: "edit"
    readonly original: string
    /** Texts after a right edit; there is at least one. */
    readonly wanted: readonly [string, ...ReadonlyArray<string>]
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
  /** Name of the dialect of an edit, or of the order in which a gap is shown; "" where it is not told. */
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
type RowQuestion = Pick<TestRow, "prompt" | "gold" | "goal" | "stops"> & Partial<Pick<TestRow, "format">>

/** What is known of a row beside what is asked. */
interface RowBeside extends Pick<TestRow, "place" | "isWhole" | "format"> {
  /** The layout for a row that is written for no model. */
  readonly layout: string | null
}

/** Makes a question of a row; one that is written for no model is asked in the layout of that name. */
export const testRowOf = (
  row: EvaluationRow,
  { format, isWhole, layout, place }: RowBeside
): TestRow | NotAsked => {
  const question = row._tag === "infill" ? gapQuestion(row, layout) : editQuestion(row, layout)
  if ("reason" in question) return question
  const { commit, contextChars, group, kind, language } = row
  const id = fingerprint(question.prompt ?? JSON.stringify(question.goal), question.gold)
  return { format, ...question, place, id, isWhole, language, kind, group, commit, contextChars }
}

const gapQuestion = (row: InfillRow, layout: string | null): RowQuestion | NotAsked => {
  const { gold, prefix, suffix } = row
  const preset = row.prompt === null ? presets.get(layout ?? "") : presets.get(splitPrompt(row.prompt)?.preset ?? "")
  const prompt = row.prompt ?? (preset === undefined ? null : promptIn(preset, row))
  return prompt === undefined
    ? notAsked(holdsControls)
    : {
      prompt,
      gold,
      goal: { _tag: "gap", gap: { prefix, suffix, context: contextIn(row) } },
      // What ends what a model writes: its own end token, and any other token of its layout.
      stops: preset?.controls ?? []
    }
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
  const { moment, wanted: [first, ...others] } = row
  if (first === undefined) return notAsked("no right answer")
  const dialect = dialects.find(({ name }) => name === (row.asked?.dialect ?? layout))
  if (dialect === undefined) return notAsked("an edit that is written for no model; --layout names one")
  const asked = row.asked ?? shownIn(dialect, row, first)
  if ("reason" in asked) return notAsked(asked.reason)
  const { completion, shown } = asked
  return {
    prompt: shown.prompt,
    gold: completion,
    goal: {
      _tag: "edit",
      original: moment.file.text,
      wanted: [first, ...others],
      before: beforeLastEdit(moment),
      apply: (answer) => {
        const said = dialect.parse(answer, shown, moment)
        return said._tag === "unreadable" ? undefined : applied(moment.file.text, shown, said)
      }
    },
    stops: dialect.stops,
    format: dialect.name
  }
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

/** Returns the text before the last edit of it, where that can be found in it. */
const beforeLastEdit = ({ events, file: { path, text } }: EditMoment): string | null => {
  const last = events.findLast((event) => event.path === path)
  const at = last === undefined || last.after === "" ? -1 : text.indexOf(last.after)
  return last === undefined || at === -1
    ? null
    : text.slice(0, at) + last.before + text.slice(at + last.after.length)
}
