/** The files of a commit as texts, and why one is not read or a whole commit is not shown. */
import type { CommitPart } from "../../../services/history/commit-parts.ts"
import type { LineageChange } from "../../../services/history/lineages.ts"
import type { CommitFile } from "../../../services/next-edit/commit-edits.ts"
import { lineDiff } from "../../../services/text/diff.ts"
import { languageNamed, refineByText } from "../../../services/text/language.ts"
import { withLineFeeds } from "../../../services/text/lines.ts"
import { hasConflictMarkers } from "../../../services/text/source-file.ts"
import { decodeSource } from "../../../services/text/source-text.ts"
import type { Contents } from "../../shared/dataset-run/contents.ts"
import { isWhiteSpaceOnly } from "../edit.ts"
import { reasonAgainstText } from "../quality.ts"
import { holdsSecret } from "../../../services/secrets/secret-in.ts"

/** A file of a commit, with "\n" for every line end as editors are served, and the change that it is. */
export interface ReadFile extends CommitFile {
  readonly change: LineageChange
}

/** How a text was searched for secrets before: versions come back from commit to commit. */
export type SecretMemory = Map<string, boolean>

/** Returns a file as the commit found and left it, or why it is not shown. */
export const readFile = (
  contents: Contents,
  change: LineageChange,
  hasQualityFilter: boolean,
  secrets: SecretMemory
): ReadFile | string => {
  const after = textOf(contents, change.newBlob)
  if (after._tag === "refused") return after.reason
  const before = change.oldBlob === null ? { _tag: "text" as const, text: "" } : textOf(contents, change.oldBlob)
  if (before._tag === "refused") return before.reason
  if (hasConflictMarkers(after.text)) return "conflict markers"
  const reason = hasQualityFilter ? reasonAgainstText(after.text) : undefined
  if (reason !== undefined) return reason
  if (withLineFeeds(before.text) === withLineFeeds(after.text)) return "no text changed"
  const isSecret = (blob: string, text: string): boolean => {
    const known = secrets.get(blob) ?? holdsSecret(text)
    secrets.set(blob, known)
    return known
  }
  const isBefore = change.oldBlob !== null && isSecret(change.oldBlob, before.text)
  if (isBefore || isSecret(change.newBlob, after.text)) return "secret"
  if ([change.path, change.oldPath].some(holdsSecret)) return "secret"
  const known = languageNamed(change.language)
  const language = known === undefined ? change.language : refineByText(known, after.text).name
  return {
    path: change.path,
    before: withLineFeeds(before.text),
    after: withLineFeeds(after.text),
    isTest: testPath.test(change.path),
    change: { ...change, language }
  }
}

const textOf = (contents: Contents, blob: string) => {
  const bytes = contents.get(blob)
  return bytes === undefined ? { _tag: "refused" as const, reason: "missing object" } : decodeSource(bytes)
}

const testPath = /(?:^|[/_.-])(?:tests?|specs?|__tests__)(?:[/_.-]|$)|(?:Tests?|Spec)\.\w+$/

/** Returns why a commit as a whole teaches nothing, or undefined. */
export const reasonAgainstCommit = (part: CommitPart, files: ReadonlyArray<CommitFile>): string | undefined => {
  if (holdsSecret(part.subject)) return "secret"
  const hunks = files.map(({ after, before }) => ({ after, before, hunks: lineDiff(before, after) }))
  if (hunks.every(isWhiteSpaceOnly)) return "white space only"
  return isMove(hunks) ? "code moved only" : undefined
}

/** Whether all lines that were taken away come back elsewhere, and no others. */
const isMove = (files: ReadonlyArray<Parameters<typeof isWhiteSpaceOnly>[0]>): boolean => {
  const counts = new Map<string, number>()
  let taken = 0
  for (const { after, before, hunks } of files) {
    for (const hunk of hunks) {
      for (const line of linesOf(before.slice(hunk.old.start, hunk.old.end))) {
        counts.set(line, (counts.get(line) ?? 0) + 1)
        taken++
      }
      for (const line of linesOf(after.slice(hunk.new.start, hunk.new.end))) {
        counts.set(line, (counts.get(line) ?? 0) - 1)
      }
    }
  }
  return taken > 0 && [...counts.values()].every((count) => count === 0)
}

const linesOf = (text: string): ReadonlyArray<string> =>
  text.split("\n").map((line) => line.trim()).filter((line) => line !== "")
