/** Rows that were asked and got no answer: what is left out for that is not left out by chance. */
import { counted, countedOf, percent } from "../report/wording.ts"
import type { ModelRowAnswer } from "./ask-rows.ts"

/** How many rows got no answer. */
export interface Unanswered {
  /** Rows that every model could be asked. */
  readonly asked: number
  /** Those that one model at least did not answer, and which are left out for all. */
  readonly leftOut: number
  /** Those that the judged model did not answer. */
  readonly byJudged: number
  /** How many rows are left out, by the reason that is told first. */
  readonly reasons: ReadonlyMap<string, number>
}

/** A gate does not pass a model that leaves a larger share than this unanswered: what it did answer may be the easy part. */
const mostUnanswered = 0.01

/** Counts what the models, of which the judged one comes first, did not answer. */
export const unansweredOf = (all: ReadonlyArray<ReadonlyArray<ModelRowAnswer>>): Unanswered => {
  const reasons = new Map<string, number>()
  let [asked, leftOut, byJudged] = [0, 0, 0]
  for (const at of all[0]?.keys() ?? []) {
    const own = all.flatMap((answers) => answers[at] ?? [])
    if (own.some(({ _tag }) => _tag === "not asked")) continue
    asked++
    const [first] = own.flatMap((answer) => answer._tag === "unanswered" ? [answer.reason] : [])
    if (first === undefined) continue
    leftOut++
    if (own[0]?._tag === "unanswered") byJudged++
    reasons.set(first, (reasons.get(first) ?? 0) + 1)
  }
  return { asked, leftOut, byJudged, reasons }
}

/** Returns a warning; undefined where all rows were answered. */
export const unansweredLine = ({ asked, leftOut, reasons }: Unanswered): string | undefined =>
  leftOut === 0
    ? undefined
    : `${counted(leftOut)} of ${countedOf(asked, "row")} got no answer and ${leftOut === 1 ? "is" : "are"} left out: ` +
      [...reasons].toSorted(([, one], [, other]) => other - one).slice(0, mostReasons)
        .map(([reason, count]) => `${counted(count)} ${reason}`).join(", ")

/** A server may have a reason of its own for each row; the page has all of them. */
const mostReasons = 3

/** Returns why a gate does not pass the judged model, whatever its answers are worth; undefined where nothing is wrong. */
export const unansweredTooOften = ({ asked, byJudged }: Unanswered): string | undefined =>
  byJudged > mostUnanswered * asked
    ? `it left ${counted(byJudged)} of ${countedOf(asked, "row")} unanswered, more than ${percent(mostUnanswered)}`
    : undefined
