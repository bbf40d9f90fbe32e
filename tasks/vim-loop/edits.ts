/** An edit to be typed: two texts, where they come from, and what makes one worth trying. */
import type { Depth } from "../../services/cuts/depths.ts"
import { differingMiddle, lineDiff } from "../../services/text/diff.ts"
import { countLines, isBlank } from "../../services/text/span.ts"
import type { Side } from "../../services/history/split.ts"
import type { EditSettings } from "./settings.ts"

export interface LoopEdit {
  /** 16 hex digits of both texts. */
  readonly id: string
  readonly source: string
  readonly target: string
  readonly language: string | null
  /** How deep a change was cut; null for a pair that was given. */
  readonly depth: Depth | null
  /** Lines that differ, of the side that has more of them, hunk by hunk. */
  readonly lines: number
  /** The files that stay on one side of the split together. */
  readonly group: string
  readonly side: Side
  readonly origin: Origin
}

/** Where in a history an edit was made; null for what a pair does not say. */
export interface Origin {
  readonly repo: string | null
  readonly filepath: string | null
  readonly commit: string | null
  readonly parent: string | null
  readonly parent_filepath: string | null
  readonly commit_message: string | null
  /** [start, end) of the texts in the files before and after, in UTF-8 bytes. */
  readonly span_before: readonly [number, number] | null
  readonly span_after: readonly [number, number] | null
}

/** Returns how many lines an edit changes: for each hunk those of the side that has more. */
export const changedLines = (source: string, target: string): number =>
  lineDiff(source, target).reduce(
    (sum, hunk) =>
      sum +
      Math.max(
        linesIn(source.slice(hunk.old.start, hunk.old.end)),
        linesIn(target.slice(hunk.new.start, hunk.new.end))
      ),
    0
  )

const linesIn = (text: string): number => (text === "" ? 0 : countLines(text.endsWith("\n") ? text.slice(0, -1) : text))

/** Why an edit is not tried. */
export type ReasonAgainstEdit = "equal" | "blank" | "nothing kept" | "too many lines" | "too long"

/** The text that the ledger counts a reason under. */
export const textOfReason = (reason: ReasonAgainstEdit): string => reasonTexts[reason]

const reasonTexts: Readonly<Record<ReasonAgainstEdit, string>> = {
  equal: "trivial: nothing differs",
  blank: "trivial: one side is blank",
  "nothing kept": "trivial: nothing is kept",
  "too many lines": "more lines than --max-lines",
  "too long": "longer than --max-chars"
}

/** Returns why an edit is not tried, or undefined. */
export const reasonAgainstEdit = (
  source: string,
  target: string,
  lines: number,
  settings: EditSettings
): ReasonAgainstEdit | undefined => {
  if (source === target) return "equal"
  if (isBlank(source) || isBlank(target)) return "blank"
  if (lines > settings.maxLines) return "too many lines"
  if (Math.max(source.length, target.length) > settings.maxChars) return "too long"
  const { head, tail } = differingMiddle(source, target)
  return head + tail === 0 && lines <= 1 ? "nothing kept" : undefined
}

/** Bands of sizes that solve rates are told by, each with the most lines in it. */
const bands: ReadonlyArray<readonly [string, number]> = [
  ["1", 1],
  ["2-5", 5],
  ["6-20", 20],
  ["21-50", 50],
  ["51+", Infinity]
]

export const bandOf = (lines: number): string => bands.find(([, most]) => lines <= most)?.[0] ?? ""
export const bandNames: ReadonlyArray<string> = bands.map(([name]) => name)
