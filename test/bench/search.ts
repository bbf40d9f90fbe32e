/**
 * `pnpm bench search <repository> [--commits=300] [--every=1]
 * [--options=defaults]`: the edits of a history, cut at every depth, solved by the
 * search and tried in the sandbox: how many are solved, how many of the candidates are right, and the keys of the shortest
 * beside those of retyping the lines that differ, by depth.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as WorkerCompute from "../../layers/compute/WorkerCompute.ts"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import { search } from "../../layers/predictor/search/search.ts"
import { layer as reader } from "../../layers/reader/FileReader.ts"
import { layerBubblewrap } from "../../layers/sandbox/ForkServerSandbox.ts"
import { depths } from "../../services/cuts/depths.ts"
import { isDone } from "../../services/keys/outcome.ts"
import { defaultVimOptions, vimOptionsNames } from "../../services/keys/vim-options.ts"
import { retype } from "../../services/keys/retyping.ts"
import { defaultLimits, Sandbox } from "../../services/Sandbox.ts"
import { gatherEdits } from "../../tasks/vim-loop/gather.ts"

const args = process.argv.slice(2)
const location = args.find((arg) => !arg.startsWith("--"))
const valueOf = (flag: string) => args.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3)
if (location === undefined) {
  process.stderr.write("Cannot measure without a repository: pass its path\n")
  process.exit(64)
}
const maxCommits = Number(valueOf("commits") ?? 300)
const every = Number(valueOf("every") ?? 1)
const mostLines = 50
const candidates = 8
const wanted = valueOf("options") ?? defaultVimOptions
const vimOptions = vimOptionsNames.find((name) => name === wanted) ?? defaultVimOptions

const mined = Effect.gen(function*() {
  const { edits } = yield* gatherEdits(
    {
      _tag: "history",
      locations: [location],
      history: {
        rev: "HEAD",
        maxCommits,
        startDate: null,
        endDate: null,
        extensions: null,
        languages: null,
        qualityFilter: true,
        testedOnly: false,
        maxFileBytes: 1024 * 1024,
        maxFiles: 1_000_000,
        seed: 42,
        split: 0.9,
        groupBy: "file",
        testAfter: null
      }
    },
    {
      maxLines: mostLines,
      maxNesting: 1000,
      maxChars: 100_000,
      maxEdits: null,
      rounds: 1,
      candidates,
      examples: 0,
      nearMisses: 0,
      tokenBudget: null,
      vimOptions,
      seed: 42,
      split: 0.9
    },
    () => Effect.void
  )
  return edits.filter((_, index) => index % every === 0)
})

const median = (values: ReadonlyArray<number>) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

const program = Effect.gen(function*() {
  const sandbox = yield* Sandbox
  const edits = yield* mined
  const rows = yield* Effect.forEach(edits, ({ depth, source, target }) =>
    Effect.gen(function*() {
      const started = performance.now()
      const ways = search({ source, target, count: candidates, vimOptions })
      const millis = performance.now() - started
      const outcomes = yield* sandbox.runAll(ways.map((keys) => ({ source, keys })))
      const right = ways.filter((_, index) => {
        const outcome = outcomes[index]
        return outcome !== undefined && isDone(outcome, target)
      })
      const ratio = (right[0]?.length ?? NaN) / Math.max(1, retype(source, target).length)
      return { depth, millis, tried: ways.length, right: right.length, ratio }
    }))
  process.stdout.write(`${edits.length} edits of at most ${mostLines} changed lines, ${candidates} candidates each\n\n`)
  process.stdout.write(
    "| depth | edits | solved | candidates right | keys, of retyping | ms a search, median | most |\n"
  )
  process.stdout.write("|---|---|---|---|---|---|---|\n")
  for (const depth of [...depths, "all"]) {
    const some = rows.filter((row) => depth === "all" || row.depth === depth)
    if (some.length === 0) continue
    const sum = (pick: (row: typeof rows[number]) => number) => some.reduce((total, row) => total + pick(row), 0)
    const cells = [
      depth,
      some.length,
      some.filter(({ right }) => right > 0).length,
      `${(sum(({ right }) => right) / sum(({ tried }) => tried) * 100).toFixed(1)} %`,
      median(some.flatMap(({ ratio }) => (Number.isNaN(ratio) ? [] : [ratio]))).toFixed(2),
      median(some.map(({ millis }) => millis)).toFixed(1),
      Math.max(...some.map(({ millis }) => millis)).toFixed(0)
    ]
    process.stdout.write(`| ${cells.join(" | ")} |\n`)
  }
}).pipe(
  Effect.scoped,
  Effect.provide(Layer.mergeAll(
    Layer.provideMerge(SimpleGit.layer, Layer.mergeAll(NodeFileSystem.layer, NodePath.layer)),
    reader({ cache: null }),
    WorkerCompute.layer({ worker: new URL("./worker.mjs", import.meta.url), concurrency: 2 }),
    layerBubblewrap({ concurrency: 2, limits: defaultLimits, vimOptions, searchPath: process.env["PATH"] ?? "" })
  ))
)

await Effect.runPromise(program)
process.exit(0)
