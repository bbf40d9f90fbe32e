/** Plans a run over files, each one program: those of a folder as they lie there, or those of a revision. */
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { Git, type Repository } from "../../services/Git.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { fingerprintOf } from "../../services/text/random.ts"
import { reasonAgainstListed, reasonAgainstPath } from "../../services/text/source-file.ts"
import { readContents } from "../shared/dataset-run/contents.ts"
import { type FileEntry, filesItem } from "./items.ts"
import type { LintseqPlan } from "./plan.ts"
import type { LintseqSettings } from "./settings.ts"
import { languageShapeOf } from "./structure/language-shapes.ts"

/** Files with more bytes are data. */
const largestFile = 1024 * 1024

/** Files that one job takes. */
const filesOfItem = 8

interface ProgramFile {
  readonly path: string
  readonly language: string
}

/** Keeps the files whose language can be taken apart and that people wrote. */
const select = (paths: ReadonlyArray<string>, language: string | null, ledger: Ledger): ReadonlyArray<ProgramFile> =>
  paths.flatMap((path) => {
    const known = languageOfPath(path)
    const unusual = reasonAgainstListed(path)
    const reason = unusual !== undefined
      ? unusual
      : known === undefined
      ? "no known language"
      : language !== null && known.name !== language
      ? "another language"
      : languageShapeOf(known.name) === undefined
      ? `no grammar for ${known.name}`
      : reasonAgainstPath(path)
    if (reason === undefined && known !== undefined) {
      keep(ledger, "files")
      return [{ path, language: known.name }]
    }
    leaveOut(ledger, "files", reason ?? "no known language")
    return []
  })

/** Numbers the files, and gives some at a time. */
const inGroups = (files: ReadonlyArray<ProgramFile>): ReadonlyArray<ReadonlyArray<FileEntry>> => {
  const entries = files.map((file, index) => ({ ...file, index }))
  return Array.from(
    { length: Math.ceil(entries.length / filesOfItem) },
    (_, group) => entries.slice(group * filesOfItem, (group + 1) * filesOfItem)
  )
}

/** The files of a folder now. */
export const planFolder = Effect.fn("lintseq.planFolder")(function*(folder: string, settings: LintseqSettings) {
  const git = yield* Git
  const paths = yield* Path.Path
  const ledger: Ledger = {}
  const repository = paths.basename(folder)
  const listed = select(yield* git.workingFiles(folder, settings.maxFiles), settings.language, ledger)
  const selected: Array<ProgramFile> = []
  const sizes: Array<number> = []
  for (const [place, size] of (yield* git.workingSizes(folder, listed.map(({ path }) => path))).entries()) {
    const file = listed[place]
    const reason = typeof size === "string" ? size : size > largestFile ? "too large" : undefined
    if (reason !== undefined) leaveOut(ledger, "blobs", reason)
    else if (file !== undefined && typeof size === "number") {
      selected.push(file)
      sizes.push(size)
    }
  }
  const readAll = (files: ReadonlyArray<FileEntry>) =>
    Effect.map(
      git.workingContents(folder, files.map(({ path }) => path), largestFile),
      (contents) => files.map((file, place) => ({ ...file, bytes: contents[place] ?? "gone" }))
    )
  const plan: LintseqPlan = {
    name: repository,
    unit: "files",
    size: selected.length,
    identity: {
      folder: repository,
      files: fingerprintOf(selected.flatMap(({ path }, at) => [path, sizes[at] ?? 0]))
    },
    ledger,
    items: inGroups(selected).map((files) => filesItem(settings, { repository, commit: null }, files, readAll))
  }
  return plan
})

/** The files of one revision of a repository. */
export const planRevision = Effect.fn("lintseq.planRevision")(function*(
  repository: Repository,
  rev: string,
  settings: LintseqSettings
) {
  const ledger: Ledger = {}
  const { commit, files } = yield* repository.files(rev)
  const plain = files.filter(({ kind }) => kind === "file")
  const blobs = new Map(plain.map(({ blob, path }) => [path, blob]))
  const selected = select(plain.map(({ path }) => path), settings.language, ledger)
  const sizes = yield* repository.sizes(selected.map(({ path }) => blobs.get(path) ?? ""))
  const kept = selected.filter((_, at) => {
    const size = sizes[at] ?? null
    if (size === null) leaveOut(ledger, "blobs", "missing object")
    else if (size > largestFile) leaveOut(ledger, "blobs", "too large")
    return size !== null && size <= largestFile
  })
  const readAll = Effect.fnUntraced(function*(files: ReadonlyArray<FileEntry>) {
    const { contents } = yield* readContents(repository, files.map(({ path }) => blobs.get(path) ?? ""))
    return files.map((file) => ({ ...file, bytes: contents.get(blobs.get(file.path) ?? "") ?? "missing object" }))
  })
  const plan: LintseqPlan = {
    name: repository.name,
    unit: "files",
    size: kept.length,
    identity: { repository: repository.name, commit },
    ledger,
    items: inGroups(kept).map((files) => filesItem(settings, { repository: repository.name, commit }, files, readAll))
  }
  return plan
})
