/** Index in memory: typed arrays for lexical search, tables of names for definitions, and nothing to install. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { Compute, type JobFailed, type WorkerLost } from "../../services/Compute.ts"
import { Index, type ProjectIndex, type SourceFile } from "../../services/Index.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { keep, leaveOut, type Ledger, takeBack } from "../../services/rows/ledger.ts"
import { type GrammarUnavailable, type LanguageParser, Parser } from "../../services/Parser.ts"
import { type Hunk, lineDiff } from "../../services/text/diff.ts"
import { isConfigPath, reasonAgainstSource } from "../../services/text/source-file.ts"
import { countLines } from "../../services/text/span.ts"
import { contextFor, locate } from "./context.ts"
import { factsOf } from "./facts.ts"
import { isSecretChange, isSecretFile, parserFor } from "./facts-job.ts"
import { factsJob } from "./jobs.ts"
import { declarationsOf, definitionsOfName, searchFor } from "./lookups.ts"
import { byPathOrder, withTerms } from "./indexed-file.ts"
import { makeProject } from "./project.ts"
import { makeRecentTrees } from "../../services/text/recent-trees.ts"
import { readSnapshot, saveSnapshot } from "./snapshot.ts"
import { makeKeptVersions, type ReadVersion } from "./kept-versions.ts"

/** UTF-16 units of text in one job. */
const batchLength = 400_000

/** Larger files are data. UTF-16 units. */
const longestFile = 1024 * 1024

/** A thread that was lost is replaced by the next try. */
const onAnotherThread = {
  while: (failure: JobFailed | WorkerLost) => failure._tag === "WorkerLost",
  schedule: Schedule.exponential("50 millis").pipe(Schedule.jittered, Schedule.intersect(Schedule.recurs(2)))
}

const make = Effect.gen(function*() {
  const compute = yield* Compute
  const parser = yield* Parser

  const makeIndex: Index["Type"]["make"] = Effect.fn("Index.make")(function*({ weighting }) {
    const project = makeProject(weighting)
    const versions = makeKeptVersions(project)
    const work = { read: 0, recalled: 0 }
    const hunksOf = lastDiff()
    const trees = makeRecentTrees(hunksOf)

    const add: ProjectIndex["add"] = Effect.fn("Index.add")(function*(files, onProgress) {
      const ledger: Ledger = {}
      const sources: Array<SourceFile> = []
      for (const file of files) {
        const reason = reasonAgainst(file)
        if (isConfigPath(file.path)) project.setConfig(file.path, file.text)
        else if (reason === undefined) {
          keep(ledger, "files")
          if (project.fileAt(file.path)?.facts.text !== file.text) sources.push(file)
        } else {
          leaveOut(ledger, "files", reason)
          project.drop(file.path)
        }
      }
      let done = files.length - sources.length
      yield* Effect.forEach(
        batchesOf(sources),
        (batch) =>
          Effect.gen(function*() {
            const { facts, secret } = yield* Effect.retry(compute.run(factsJob, { files: batch }), onAnotherThread)
            for (const one of facts) project.put(one)
            work.read += facts.length
            for (const path of secret) project.drop(path)
            takeBack(ledger, "files", "secret", secret.length)
            done += batch.length
            if (onProgress !== undefined) yield* onProgress(done, files.length)
          }),
        { concurrency: compute.concurrency + 1, discard: true }
      )
      project.compact()
      return ledger
    })

    const read = ({ path, text }: SourceFile, opened: LanguageParser | undefined): ReadVersion => {
      const file = project.put(factsOf(path, text, opened, project.knownChunksOf(path)))
      work.read++
      // Past this, queries would feel what updates left.
      if (project.isRagged()) project.compact()
      return { _tag: "file", file }
    }

    const take = (file: SourceFile): Effect.Effect<ReadVersion, GrammarUnavailable> => {
      const { path, text } = file
      if (isConfigPath(path)) {
        project.setConfig(path, text)
        return Effect.succeed({ _tag: "config", text })
      }
      const shown = project.fileAt(path)
      if (shown?.facts.text === text) return Effect.succeed({ _tag: "file", file: shown })
      const isSecret = shown === undefined
        ? isSecretFile(file)
        : isSecretChange(text, hunksOf(shown.facts.text, text))
      if (reasonAgainst(file) === undefined && !isSecret) {
        return Effect.map(parserFor(parser, file, trees), (opened) => read(file, opened))
      }
      project.drop(path)
      return Effect.succeed({ _tag: "nothing" })
    }

    const update: ProjectIndex["update"] = (file, version) =>
      Effect.map(Effect.suspend(() => take(file)), (read) => {
        if (version !== undefined) versions.keep(file.path, version, read)
      })

    return {
      size: () => ({ files: project.fileCount(), chunks: project.chunkCount() }),
      add,
      update,
      recall: (path, version) => {
        const isKept = versions.recall(path, version)
        if (isKept) work.recalled++
        return isKept
      },
      work: () => ({ ...work, counted: project.countedChunks() }),
      remove: project.drop,
      context: (request) => contextFor(project, request),
      compact: project.compact,
      save: () =>
        saveSnapshot({
          facts: [...project.files()].sort(byPathOrder).map(withTerms),
          configs: [...project.configs()].sort(([a], [b]) => (a < b ? -1 : 1))
        }),
      restore: (bytes) => {
        const snapshot = readSnapshot(bytes)
        if (snapshot === undefined) return false
        for (const facts of snapshot.facts) project.put(facts)
        for (const [path, text] of snapshot.configs) project.setConfig(path, text)
        project.compact()
        return true
      },
      definitions: (name) => definitionsOfName(project, name),
      outline: (path) => declarationsOf(project, path),
      lines: (path) => {
        const text = project.fileAt(path)?.facts.text
        return text === undefined ? undefined : countLines(text)
      },
      search: (words, most) => searchFor(project, words, most),
      locate: (prefix, suffix) => locate(project, prefix, suffix),
      has: (path) => project.fileAt(path) !== undefined,
      paths: () =>
        [...[...project.files()].map(({ facts }) => facts.path), ...[...project.configs()].map(([path]) => path)].sort()
    } satisfies ProjectIndex
  })

  return Index.of({ make: makeIndex })
})

export const layer: Layer.Layer<Index, never, Compute | Parser> = Layer.effect(Index, make)

/** Tells texts apart, and knows the last two that it was given: what is shown is most often what was parsed last. */
const lastDiff = (): typeof lineDiff => {
  let last: { readonly before: string; readonly after: string; readonly hunks: ReadonlyArray<Hunk> } | undefined
  return (before, after) => {
    if (last?.before !== before || last.after !== after) last = { before, after, hunks: lineDiff(before, after) }
    return last.hunks
  }
}

const reasonAgainst = ({ path, text }: SourceFile): string | undefined => {
  if (languageOfPath(path) === undefined) return "no known language"
  return text.length > longestFile ? "too large" : reasonAgainstSource(text)
}

/** Files in groups of about the same length, so that threads end together. */
const batchesOf = (files: ReadonlyArray<SourceFile>): ReadonlyArray<ReadonlyArray<SourceFile>> => {
  const batches: Array<Array<SourceFile>> = []
  let length = batchLength
  for (const file of files) {
    if (length >= batchLength) {
      batches.push([])
      length = 0
    }
    batches[batches.length - 1]?.push(file)
    length += file.text.length
  }
  return batches
}
