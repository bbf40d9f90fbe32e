/** Plans a run over history: the versions of each file, from the commit that began it to the newest. */
import * as Effect from "effect/Effect"
import type { FileChange, Repository } from "../../services/Git.ts"
import { type Traced, traceLineages } from "../../services/history/lineages.ts"
import { packPieces } from "../../services/history/pack.ts"
import type { Selected } from "../../services/history/selection.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { reasonAgainstListed, reasonAgainstPath } from "../../services/text/source-file.ts"
import { readHistory, readSizes, type SelectedChange } from "../shared/survey/read-history.ts"
import { historiesItem } from "./items.ts"
import type { FileHistory } from "./jobs.ts"
import type { LintseqPlan } from "./plan.ts"
import type { LintseqSettings } from "./settings.ts"
import { languageShapeOf } from "./structure/language-shapes.ts"

type SelectedVersion = FileHistory["versions"][number]

/** Versions of one file take this much memory at the most. */
const lineageBytes = 4 * 1024 * 1024

export const planHistories = Effect.fn("lintseq.planHistories")(function*(
  repository: Repository,
  rev: string,
  maxCommits: number,
  settings: LintseqSettings
) {
  const ledger: Ledger = {}
  const range = { rev, maxCommits, startDate: null, endDate: null }
  const { changes, head } = yield* readHistory(repository, range, selectChange(settings.language), ledger)
  keep(ledger, "changes", changes.length)
  const traced = traceLineages(changes).map((lineage) => ({ lineage, versions: versionsOf(lineage) }))
  const sizes = yield* readSizes(repository, traced.flatMap(({ versions }) => versions.map(({ blob }) => blob)))
  const histories: Array<{ readonly history: FileHistory; readonly bytes: number }> = []
  for (const { lineage, versions } of traced) {
    countSteps(lineage, ledger)
    const kept: Array<SelectedVersion> = []
    let bytes = 0
    for (const version of versions) {
      const size = sizes.get(version.blob) ?? null
      if (size === null) leaveOut(ledger, "versions", "missing object")
      else if (bytes + size > lineageBytes) leaveOut(ledger, "versions", "past 4 MiB of its file")
      else {
        kept.push(version)
        bytes += size
      }
    }
    const newest = lineage.changes[lineage.changes.length - 1]
    if (kept.length === 0 || newest === undefined) continue
    const { language, path } = newest
    histories.push({ bytes, history: { index: histories.length, path, language, versions: kept } })
  }
  const plan: LintseqPlan = {
    name: repository.name,
    unit: "files",
    size: histories.length,
    identity: { repository: repository.name, head, maxCommits },
    ledger,
    items: packPieces(histories, ({ bytes }) => bytes).map((packed) =>
      historiesItem(settings, repository, packed.map(({ history }) => history))
    )
  }
  return plan
})

/** Takes the files whose language can be taken apart and that people wrote; a deletion too, for it ends a lineage. */
const selectChange = (wanted: string | null) => ({ kind, path }: FileChange): Selected => {
  const unusual = reasonAgainstListed(path)
  if (unusual !== undefined) return { _tag: "refused", reason: unusual }
  const language = kind === "file" ? languageOfPath(path) : undefined
  if (language === undefined) return { _tag: "refused", reason: "no known language" }
  const isWanted = languageShapeOf(language.name) !== undefined && (wanted === null || language.name === wanted) &&
    reasonAgainstPath(path) === undefined
  return isWanted ? { _tag: "selected", language } : { _tag: "refused", reason: "not wanted" }
}

/**
 * Counts the steps from one change of a file to the next. Where branches ran side by side, or a merge changed the file, a
 * step holds more than what its commit did.
 */
const countSteps = ({ changes }: Traced<SelectedChange>, ledger: Ledger): void => {
  for (const [place, { oldBlob, status }] of changes.entries()) {
    const before = changes[place - 1]?.newBlob
    if (before === undefined || before === null || status === "copied") continue
    if (before === oldBlob) keep(ledger, "steps of one commit")
    else leaveOut(ledger, "steps of one commit", "over a merge or another branch")
  }
}

/** The texts of a file, each as the commit that made it left it; equal neighbours are one. */
const versionsOf = ({ changes }: Traced<SelectedChange>): ReadonlyArray<SelectedVersion> => {
  const versions: Array<SelectedVersion> = []
  const [first] = changes
  // The file is older than the range: it starts as its first commit found it.
  if (first !== undefined && first.oldBlob !== null && first.status !== "copied") {
    versions.push({ commit: first.parent ?? "", subject: "", blob: first.oldBlob })
  }
  for (const { commit, newBlob, subject } of changes) {
    if (newBlob !== null && versions[versions.length - 1]?.blob !== newBlob) {
      versions.push({ commit, subject, blob: newBlob })
    }
  }
  return versions
}
