/** Mines one commit: its files are read, and what they can teach is drawn. */
import type { CommitPart } from "../../../services/history/commit-parts.ts"
import { ancestorsAt, grammarOf, spanAround } from "../../../services/next-edit/ancestors.ts"
import type { LineageChange } from "../../../services/history/lineages.ts"
import { pathExcluded } from "../../../services/history/selection.ts"
import { excludedPaths } from "../../../services/hygiene/excluded-paths.ts"
import { type FileLicence, licenceName, licenceOfAll } from "../../../services/hygiene/path-licence.ts"
import { commitEdits } from "../../../services/next-edit/commit-edits.ts"
import type { Dialect } from "../../../services/next-edit/dialect.ts"
import { editHunks } from "../../../services/next-edit/edit-hunks.ts"
import type { EditEvent } from "../../../services/next-edit/example.ts"
import { mineCommit, type MinedEdit, type PlaceTeller } from "../../../services/next-edit/mine.ts"
import { relatedOf, relatedRequest } from "../../../services/next-edit/related.ts"
import type { SyntaxTree } from "../../../services/Parser.ts"
import { keep, leaveOut, type Ledger, takeBack } from "../../../services/rows/ledger.ts"
import { randomOf, unitInterval } from "../../../services/text/random.ts"
import type { Rejection } from "../draft.ts"
import type { CommitsInput } from "../jobs.ts"
import type { LicenceJudge } from "../hygiene/licences.ts"
import type { NextEditSettings } from "../settings.ts"
import type { ProjectAt } from "../tools.ts"
import { type ReadFile, readFile, reasonAgainstCommit, type SecretMemory } from "./commit-files.ts"

/** Returns the tree of a text of a file, valid until another text is asked for; undefined without a grammar. */
export type TreeOf = (path: string, language: string, text: string) => SyntaxTree | undefined

/** What a commit is mined with. */
export interface CommitBench {
  readonly input: Pick<CommitsInput, "settings" | "repository" | "contents">
  readonly nextEdits: NextEditSettings
  readonly dialect: Dialect
  readonly treeOf: TreeOf
  readonly secrets: SecretMemory
  readonly judgeLicence: LicenceJudge
  /** The rest of the project before the commit; null where rows see none of it. */
  readonly project: ProjectAt | null
  /** Prompts of the job so far. */
  readonly asked: Set<string>
  readonly ledger: Ledger
}

/** A mined edit, the file that it is of, and what its random choices are named after. */
export interface MinedPart {
  readonly edit: MinedEdit
  readonly file: ReadFile
  readonly identity: ReadonlyArray<string | number>
  /** Name of the licence of all files of which it may show changes; "" for an unknown one. */
  readonly licence: string
}

/** What a commit teaches, and where it could have. */
export interface MinedMoments {
  readonly mined: ReadonlyArray<MinedPart>
  readonly rejections: ReadonlyArray<Rejection>
}

const nothing: MinedMoments = { mined: [], rejections: [] }

/** Returns what a commit teaches; counts what is left out. */
export const minePart = (bench: CommitBench, part: CommitPart): MinedMoments => {
  const { asked, dialect, input, ledger, nextEdits } = bench
  const { settings } = input
  if (part.mostRows === 0) {
    leaveOut(ledger, "changes", "the commit gives its rows elsewhere", part.changes.length)
    return nothing
  }
  const read = part.changes.map((change) => readFit(bench, change))
  const files = read.filter((file) => typeof file !== "string")
  for (const reason of read) if (typeof reason === "string") leaveOut(ledger, "changes", reason)
  if (files.length === 0) return nothing
  const against = reasonAgainstCommit(part, files)
  if (against !== undefined) {
    takeBack(ledger, "commits", against)
    leaveOut(ledger, "changes", against, files.length)
    return nothing
  }
  keep(ledger, "changes", files.length)
  const earlier = part.earlier.map((change) => readFit(bench, change)).filter((file) => typeof file !== "string")
  const licence = licenceName(licenceOfAll([...files, ...earlier].map((file) => file.licence)))
  const identity = ["next edit", settings.seed, input.repository, part.commit, part.group] as const
  const hunks = files.reduce((sum, { after, before }) => sum + editHunks(before, after).length, 0)
  const { mined, refused } = mineCommit({
    files,
    earlier: earlier.flatMap(eventsOf).slice(-mostEarlier),
    dialect,
    shares: nextEdits.targets,
    noEditShare: nextEdits.noEditShare,
    count: Math.min(part.mostRows, hunks),
    maxLines: settings.maxMiddleLines,
    place: tellerOf(bench, files, identity),
    random: randomOf(...identity),
    asked
  })
  for (const { reason } of refused) leaveOut(ledger, "moments", reason)
  const fileOf = (path: string) => files.find((file) => file.path === path)
  return {
    mined: mined.flatMap((edit, place): ReadonlyArray<MinedPart> => {
      const file = fileOf(edit.example.file.path)
      return file === undefined ? [] : [{ edit, file, identity: [...identity, place], licence }]
    }),
    rejections: refused.map(({ kind, path, reason }) => ({
      reason,
      middle: "",
      metadata: {
        repo: input.repository,
        filepath: path,
        language: fileOf(path)?.change.language ?? "",
        commit: part.commit,
        kind,
        span: [0, 0]
      }
    }))
  }
}

/** A file that may be shown, and its licence. */
interface FitFile extends ReadFile {
  readonly licence: FileLicence
}

/** Reads a file as the commit found and left it, or says why it is not shown. */
const readFit = ({ input, judgeLicence, secrets }: CommitBench, change: LineageChange): FitFile | string => {
  const { contents, settings } = input
  if (excludedPaths(settings.excludedPaths)(change.oldPath)) return pathExcluded
  const file = readFile(contents, change, settings.qualityFilter, secrets)
  if (typeof file === "string") return file
  const licence = judgeLicence(change, file.after)
  return typeof licence === "string" ? licence : { ...file, licence }
}

/** What an earlier commit did to a file, edit by edit. */
const eventsOf = (file: ReadFile): ReadonlyArray<EditEvent> => {
  const { edits, textAfter } = commitEdits([file])
  return edits.map((_, done) => ({
    path: file.path,
    before: textAfter(file, done),
    after: textAfter(file, done + 1)
  }))
}

/** Earlier hunks that a log could keep. */
const mostEarlier = 10

const tellerOf = (
  bench: CommitBench,
  files: ReadonlyArray<ReadFile>,
  identity: ReadonlyArray<string | number>
): PlaceTeller => {
  const { dialect, input: { settings }, project, treeOf } = bench
  return {
    ancestors: (path, text, cursor) => {
      const language = dialect.growsAlongSyntax ? grammarOf({ path, text }) : undefined
      const tree = language === undefined ? undefined : treeOf(path, language, text)
      return tree === undefined ? [] : ancestorsAt(tree.nodes(spanAround(cursor)), cursor)
    },
    related: (path, text, cursor, events) => {
      const share = settings.context?.noContextShare ?? 1
      if (project === null || unitInterval("context", ...identity, path, cursor) < share) return []
      const oldPath = files.find((file) => file.path === path)?.change.oldPath ?? path
      const request = relatedRequest(dialect, { path, text }, cursor, events, oldPath === path ? [] : [oldPath])
      return relatedOf(project.context(request).snippets, project.lines)
    }
  }
}
