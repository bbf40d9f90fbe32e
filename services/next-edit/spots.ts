/** The moments of a commit at which one may be asked what comes next, by where the next edit lies. */
import { type CommitEdits, textBetween } from "./commit-edits.ts"

/** Where the next edit lies, seen from the last one: within the line that is being typed, near, far, in another file. */
export const editKinds = ["same line", "near", "far", "other file"] as const
/** Where the next edit lies. */
export type EditKind = typeof editKinds[number]

/** Where the next edit lies, or that there is none near the cursor. */
export const targetKinds = [...editKinds, "no edit"] as const
/** Where the next edit lies, or that there is none. */
export type TargetKind = typeof targetKinds[number]

/** Lines between two edits that are near each other. */
const nearLines = 30

/** A moment of a commit: so many of its edits are done, and the next one is of a kind. */
export interface Spot {
  readonly done: number
  readonly kind: TargetKind
}

/** Returns the moments of a commit. With a past, something was done before its first edit. */
export const spotsOf = ({ edits }: CommitEdits, hasPast: boolean): ReadonlyArray<Spot> =>
  Array.from({ length: edits.length + 1 }, (_, done) => done).flatMap((done): ReadonlyArray<Spot> => {
    const [last, next] = [edits[done - 1], edits[done]]
    const quiet: ReadonlyArray<Spot> = last === undefined && !hasPast ? [] : [{ done, kind: "no edit" }]
    if (next === undefined) return quiet
    // A line that is half typed is something that was done, too.
    const typed: Spot = { done, kind: "same line" }
    if (last === undefined && !hasPast) return [typed]
    if (last === undefined || last.file !== next.file) return [...quiet, { done, kind: "other file" }, typed]
    const gap = textBetween(last, next).split("\n").length - 1
    return [...quiet, { done, kind: gap <= nearLines ? "near" : "far" }, typed]
  })
