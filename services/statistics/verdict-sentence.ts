/** A verdict in words that a reader of no statistics takes the right way. */
import { fewestGroups, type ModelVerdict } from "./verdict.ts"

/** What a verdict is about. */
export interface VerdictSubject {
  /** Name of the model that is judged, and of the one that it is compared with. */
  readonly after: string
  readonly before: string
  /** What is measured, such as "exact match". */
  readonly measure: string
  /** Points in one unit of the scores: 100 for shares, 1 for scores that go to 100. */
  readonly scale: number
}

/** Returns the sentences that say a verdict. */
export const verdictSentence = (verdict: ModelVerdict, { after, before, measure, scale }: VerdictSubject): string => {
  const points = (figure: number) => (figure * scale).toFixed(1).replace(/^-0\.0$/, "0.0")
  const [low, high] = verdict.interval.map(points)
  const basis = `on ${counted(verdict.rows, "row")} in ${counted(verdict.groups, "group")}`
  const range = `95 % interval from ${low} to ${high} points`
  const shows = `This set can show a difference of ${points(verdict.smallestGain)} points or more.`
  switch (verdict._tag) {
    case "better":
      return `${after} is better than ${before}: ${measure} rises by ${
        points(verdict.gain)
      } points (${range}) ${basis}.`
    case "worse":
      return `${after} is worse than ${before}: ${measure} falls by ${
        points(-verdict.gain)
      } points (${range}) ${basis}.`
    case "undecided":
      return `Whether ${after} is better than ${before} is undecided: ${measure} changes by ${
        points(verdict.gain)
      } points ` +
        `(${range}) ${basis}, which may be chance. ${shows}`
    case "too few groups":
      return `There is no verdict on ${after} against ${before}: the set has ${counted(verdict.rows, "row")} in ` +
        `${counted(verdict.groups, "group")}, and it takes at least ${fewestGroups} groups.`
  }
}

const counted = (count: number, thing: string): string =>
  `${count.toLocaleString("en-US")} ${thing}${count === 1 ? "" : "s"}`
