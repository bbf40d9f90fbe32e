/** Plans a run over files, each one program: those of a folder as they lie there, or those of a revision. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { Git, type Repository } from "../../services/Git.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { fingerprint } from "../../services/text/random.ts"
import { reasonAgainstPath } from "../../services/text/source-file.ts"
import { shapeOf } from "./structure/language-shapes.ts"
import type { Plan } from "./plan.ts"
import { filesJob } from "./jobs.ts"

/** Files with more bytes are data. */
const largestFile = 1024 * 1024

/** Files that one job takes. */
const filesOfItem = 8

interface Selected {
  readonly path: string
  readonly language: string
}

/** Keeps the files whose language can be taken apart and that people wrote. */
const select = (paths: ReadonlyArray<string>, language: string | null, ledger: Ledger): ReadonlyArray<Selected> =>
  paths.flatMap((path) => {
    const known = languageOfPath(path)
    const reason = known === undefined
      ? "no known language"
      : language !== null && known.name !== language
      ? "another language"
      : shapeOf(known.name) === undefined
      ? `no grammar for ${known.name}`
      : reasonAgainstPath(path)
    if (reason === undefined && known !== undefined) {
      keep(ledger, "files")
      return [{ path, language: known.name }]
    }
    leaveOut(ledger, "files", reason ?? "no known language")
    return []
  })

const inGroups = <A>(items: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from(
    { length: Math.ceil(items.length / filesOfItem) },
    (_, index) => items.slice(index * filesOfItem, (index + 1) * filesOfItem)
  )

/** The files of a folder now. */
export const planFolder = Effect.fn("lintseq.planFolder")(function*(folder: string, language: string | null) {
  const git = yield* Git
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const ledger: Ledger = {}
  const repository = paths.basename(folder)
  const selected: Array<Selected> = []
  const sizes: Array<number> = []
  for (const file of select(yield* git.workingFiles(folder), language, ledger)) {
    const info = yield* Effect.option(fs.stat(paths.join(folder, file.path)))
    const size = info._tag === "Some" ? Number(info.value.size) : null
    if (size === null) leaveOut(ledger, "blobs", "gone")
    else if (size > largestFile) leaveOut(ledger, "blobs", "too large")
    else {
      selected.push(file)
      sizes.push(size)
    }
  }
  const plan: Plan = {
    name: repository,
    unit: "files",
    size: selected.length,
    identity: {
      folder: repository,
      files: fingerprint(...selected.flatMap(({ path }, at) => [path, sizes[at] ?? 0]))
    },
    ledger,
    items: inGroups(selected).map((group, item) => ({
      size: group.length,
      run: (compute, settings) =>
        Effect.gen(function*() {
          const files = yield* Effect.forEach(group, (file, at) =>
            Effect.map(Effect.option(fs.readFile(paths.join(folder, file.path))), (bytes) => ({
              ...file,
              index: item * filesOfItem + at,
              bytes: bytes._tag === "Some" ? bytes.value : null
            })), { concurrency: filesOfItem })
          return yield* compute.run(filesJob, { settings, repository, commit: null, files })
        })
    }))
  }
  return plan
})

/** The files of one revision of a repository. */
export const planRevision = Effect.fn("lintseq.planRevision")(function*(
  repository: Repository,
  rev: string,
  language: string | null
) {
  const ledger: Ledger = {}
  const { commit, files } = yield* repository.files(rev)
  const plain = files.filter(({ kind }) => kind === "file")
  const blobs = new Map(plain.map(({ blob, path }) => [path, blob]))
  const selected = select(plain.map(({ path }) => path), language, ledger)
  const sizes = yield* repository.sizes(selected.map(({ path }) => blobs.get(path) ?? ""))
  const kept = selected.filter((_, at) => {
    const size = sizes[at] ?? null
    if (size === null) leaveOut(ledger, "blobs", "missing object")
    else if (size > largestFile) leaveOut(ledger, "blobs", "too large")
    return size !== null && size <= largestFile
  })
  const plan: Plan = {
    name: repository.name,
    unit: "files",
    size: kept.length,
    identity: { repository: repository.name, commit },
    ledger,
    items: inGroups(kept).map((group, item) => ({
      size: group.length,
      run: (compute, settings) =>
        Effect.gen(function*() {
          const contents = yield* repository.blobs(group.map(({ path }) => blobs.get(path) ?? ""))
          const programs = group.map((file, at) => ({
            ...file,
            index: item * filesOfItem + at,
            bytes: contents[at] ?? null
          }))
          return yield* compute.run(filesJob, { settings, repository: repository.name, commit, files: programs })
        })
    }))
  }
  return plan
})
