/** Index in memory: typed arrays for lexical search, tables of names for definitions, and nothing to install. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Compute } from "../../services/Compute.ts"
import { Index, type ProjectIndex, type SourceFile } from "../../services/Index.ts"
import { languageOfPath } from "../../services/language.ts"
import { keep, leaveOut, type Ledger } from "../../services/ledger.ts"
import { Parser } from "../../services/Parser.ts"
import { contextFor } from "./context.ts"
import { readFacts } from "./facts-job.ts"
import { factsJob } from "./jobs.ts"
import { isConfig, makeProject } from "./project.ts"

/** UTF-16 units of text in one job. */
const batchLength = 400_000

/** Larger files are data. UTF-16 units. */
const longestFile = 1024 * 1024

const make = Effect.gen(function*() {
  const compute = yield* Compute
  const parser = yield* Parser
  const read = readFacts(parser)

  const makeIndex: Index["Type"]["make"] = Effect.fn("Index.make")(function*({ weighting }) {
    const project = makeProject(weighting)

    const add: ProjectIndex["add"] = Effect.fn("Index.add")(function*(files) {
      const ledger: Ledger = {}
      const sources: Array<SourceFile> = []
      for (const file of files) {
        const reason = reasonAgainst(file)
        if (isConfig(file.path)) project.setConfig(file.path, file.text)
        else if (reason === undefined) {
          keep(ledger, "files")
          sources.push(file)
        } else leaveOut(ledger, "files", reason)
      }
      yield* Effect.forEach(
        batchesOf(sources),
        (batch) =>
          Effect.map(compute.run(factsJob, { files: batch }), ({ facts }) => {
            for (const one of facts) project.put(one)
          }),
        { concurrency: compute.concurrency + 1, discard: true }
      )
      project.compact()
      return ledger
    })

    const update: ProjectIndex["update"] = (file) => {
      if (isConfig(file.path)) {
        return Effect.sync(() => {
          project.setConfig(file.path, file.text)
        })
      }
      if (reasonAgainst(file) !== undefined) return Effect.sync(() => project.drop(file.path))
      return Effect.map(read(file), (facts) => project.put(facts))
    }

    return {
      size: () => ({ files: project.fileCount(), chunks: project.postings.chunkCount() }),
      add,
      update,
      remove: project.drop,
      context: (request) => contextFor(project, request),
      compact: () => {
        if (project.postings.isRagged()) project.compact()
      },
      save: () => new Uint8Array(0),
      restore: () => false,
      files: () =>
        [...project.files()].map(({ facts }) => ({ path: facts.path, fingerprint: facts.fingerprint }))
          .sort((a, b) => (a.path < b.path ? -1 : 1))
    } satisfies ProjectIndex
  })

  return Index.of({ make: makeIndex })
})

export const layer: Layer.Layer<Index, never, Compute | Parser> = Layer.effect(Index, make)

const reasonAgainst = ({ path, text }: SourceFile): string | undefined => {
  if (languageOfPath(path) === undefined) return "no source file"
  return text.length > longestFile ? "over the size limit" : undefined
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
