/**
 * `pnpm bench search <repository> [--commits=300] [--every=1]`: the edits of a history, cut at every depth, solved by the
 * search and tried in the sandbox: how many are solved, how many of the candidates are right, and the keys of the shortest
 * beside those of retyping the lines that differ, by depth.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { search } from "../../layers/predictor/search/search.ts"
import { layerBubblewrap } from "../../layers/sandbox/ForkServerSandbox.ts"
import { depthPairs, depths } from "../../services/cuts/depths.ts"
import { lineDiff } from "../../services/diff.ts"
import { Git } from "../../services/Git.ts"
import { languageOfPath } from "../../services/language.ts"
import { isSolved } from "../../services/outcome.ts"
import { orGivenUp, Parser } from "../../services/Parser.ts"
import { retype } from "../../services/retyping.ts"
import { defaultLimits, Sandbox } from "../../services/Sandbox.ts"
import { decodeSource } from "../../services/source-text.ts"

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

interface Edit {
  readonly depth: string
  readonly source: string
  readonly target: string
}

/** How many lines the smaller side of the difference has at least. */
const changedLines = (source: string, target: string): number =>
  lineDiff(source, target).reduce((sum, hunk) =>
    sum + Math.max(
      source.slice(hunk.old.start, hunk.old.end).split("\n").length - 1,
      target.slice(hunk.new.start, hunk.new.end).split("\n").length - 1
    ), 0)

const mined = Effect.gen(function*() {
  const repository = yield* (yield* Git).open(location, { orFolder: false })
  const parsers = yield* Parser
  const commits = yield* Stream.runCollect(
    repository.commits({ rev: "HEAD", maxCommits, startDate: null, endDate: null })
  )
  const edits = new Map<string, Edit>()
  for (const { changes } of commits) {
    for (const { kind, newBlob, oldBlob, path, status } of changes) {
      const language = languageOfPath(path)
      if (status !== "modified" || kind !== "file" || oldBlob === null || newBlob === null) continue
      if (language?.hasGrammar !== true) continue
      const texts = (yield* repository.blobs([oldBlob, newBlob])).map((
        blob
      ) => (blob === null ? null : decodeSource(blob)))
      const [before, after] = texts.flatMap((decoded) => (decoded?._tag === "text" ? [decoded.text] : []))
      if (before === undefined || after === undefined || before.length > 100_000) continue
      const parser = yield* parsers.open(language.name)
      const pairs = orGivenUp(() => {
        const [old, now] = [before, after].map((text) => {
          const tree = parser.parse(text)
          const side = { text, nodes: tree.nodes({ start: 0, end: text.length }) }
          tree.release()
          return side
        })
        return old === undefined || now === undefined ? [] : depthPairs(old, now, lineDiff(before, after))
      })
      for (const pair of typeof pairs === "string" ? [] : pairs) {
        const source = before.slice(pair.before.start, pair.before.end)
        const target = after.slice(pair.after.start, pair.after.end)
        const lines = changedLines(source, target)
        if (lines <= mostLines) edits.set(`${source}\0${target}`, { depth: pair.depth, source, target })
      }
    }
  }
  return [...edits.values()].filter((_, index) => index % every === 0)
})

const median = (values: ReadonlyArray<number>) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

const program = Effect.gen(function*() {
  const sandbox = yield* Sandbox
  const edits = yield* mined
  const rows = yield* Effect.forEach(edits, ({ depth, source, target }) =>
    Effect.gen(function*() {
      const started = performance.now()
      const ways = search(source, target, candidates)
      const millis = performance.now() - started
      const outcomes = yield* sandbox.runAll(ways.map((keys) => ({ source, keys })))
      const right = ways.filter((_, index) => {
        const outcome = outcomes[index]
        return outcome?._tag === "finished" && outcome.mode === "n" && isSolved(outcome, target)
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
    TreeSitterParser.layer,
    layerBubblewrap({ concurrency: 2, limits: defaultLimits, searchPath: process.env["PATH"] ?? "" })
  ))
)

await Effect.runPromise(program)
process.exit(0)
