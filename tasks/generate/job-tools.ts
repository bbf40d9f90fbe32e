/** The jobs' tools over real libraries and files, opened once for each thread and only when they are needed. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Benchmarks, makeBenchmarks } from "../../services/hygiene/decontamination.ts"
import { type LicenceTexts, makeLicenceTexts } from "../../services/hygiene/licence-texts.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { openTokenizer } from "../shared/open-tokenizer.ts"
import { readBenchmark } from "./hygiene/benchmarks.ts"
import type { JobTools } from "./tools.ts"

/** The tools, with what asks the index of this thread. */
export const jobTools = (contextAt: JobTools["contextAt"]): JobTools => ({
  openTokenizer,
  contextAt,
  openLicenceTexts,
  openBenchmarks
})

let licenceTexts: LicenceTexts | undefined

const openLicenceTexts: JobTools["openLicenceTexts"] = Effect.suspend(() =>
  licenceTexts !== undefined
    ? Effect.succeed(licenceTexts)
    // A package of ours that cannot be loaded is a broken installation.
    : Effect.map(Effect.promise(() => import("spdx-license-list/full.js")), ({ default: licences }) => {
      const texts = Object.entries(licences).map(([name, { licenseText }]) => ({ name, text: licenseText }))
      return licenceTexts = rememberingNames(makeLicenceTexts(texts))
    })
)

/** Texts of licences come back in every item; so many are kept. */
const mostNames = 2000

const rememberingNames = ({ nameOf }: LicenceTexts): LicenceTexts => {
  const names = new Map<string, string | undefined>()
  return {
    nameOf: (text) => {
      if (names.has(text)) return names.get(text)
      if (names.size >= mostNames) names.clear()
      const name = nameOf(text)
      names.set(text, name)
      return name
    }
  }
}

let benchmarks: { readonly of: string; readonly made: Benchmarks } | undefined

const openBenchmarks: JobTools["openBenchmarks"] = (files) =>
  Effect.suspend(() => {
    const of = JSON.stringify(files)
    if (benchmarks?.of === of) return Effect.succeed(benchmarks.made)
    return Effect.forEach(files, readBenchmark).pipe(
      Effect.map((texts) => {
        const made = makeBenchmarks(texts.flat())
        benchmarks = { of, made }
        return made
      }),
      Effect.provide(readingLayers)
    )
  })

const readingLayers = Layer.merge(
  lazyLayer(async () => (await import("../../layers/reader/FileReader.ts")).layer({ cache: null })),
  lazyLayer(async () => {
    const [files, paths] = await Promise.all([
      import("@effect/platform-node/NodeFileSystem"),
      import("@effect/platform-node/NodePath")
    ])
    return Layer.merge(files.layer, paths.layer)
  })
)
