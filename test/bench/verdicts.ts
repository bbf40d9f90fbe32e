/**
 * `pnpm bench verdicts <folder>... [--files=300] [--seed=1]`: how often a wrong middle judged in its frame is judged as
 * in its whole file, by language and family, and what each way takes.
 */
import { readFileSync } from "node:fs"
import { execFileSync } from "node:child_process"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { syntaxCandidates } from "../../services/cuts/candidates.ts"
import { chooseCuts } from "../../services/cuts/choose.ts"
import { maxMiddleChars } from "../../services/cuts/cut.ts"
import { cutsOfFile } from "../../services/cuts/how-many.ts"
import { nodesNear } from "../../services/cuts/nodes-near.ts"
import { type LanguageParser, Parser } from "../../services/Parser.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { randomOf, unitInterval } from "../../services/text/random.ts"
import { reasonAgainstPath } from "../../services/text/source-file.ts"
import { decodeSource } from "../../services/text/source-text.ts"
import { isBlank, isOverlapping } from "../../services/text/span.ts"
import { type FileParser, judgeOf, wholeFileParser } from "../../tasks/generate/judge.ts"
import { mutations } from "../../tasks/generate/mutations.ts"
import type { Scene } from "../../tasks/generate/mutations/scene.ts"

const args = process.argv.slice(2)
const option = (name: string, fallback: number) =>
  Number(args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback)
const most = option("files", 300)
const seed = option("seed", 1)

interface Tally {
  judged: number
  agreed: number
  /** Of those that differ: accepted in the frame, and in the file. */
  looser: number
  stricter: number
  example: string
}
const tallies = new Map<string, Tally>()
let frameMillis = 0
let fileMillis = 0

const judgeProposals = (scene: Scene, file: FileParser, path: string): void => {
  const judge = judgeOf(scene, file)
  for (const [operator, { propose }] of mutations) {
    const middle = propose(scene, randomOf(seed, path, operator, scene.middle.start))
    if (middle === undefined || isBlank(middle)) continue
    const started = performance.now()
    const inFrame = judge(middle)
    const between = performance.now()
    const inFile = file.parsesAsWellWith(scene.middle, middle)
    frameMillis += between - started
    fileMillis += performance.now() - between
    for (const name of [scene.language, operator]) {
      const tally = tallies.get(name) ?? { judged: 0, agreed: 0, looser: 0, stricter: 0, example: "" }
      tallies.set(name, tally)
      tally.judged++
      if (inFrame === inFile) tally.agreed++
      else {
        if (inFrame) tally.looser++
        else tally.stricter++
        const right = scene.text.slice(scene.middle.start, scene.middle.end)
        tally.example = `${path}: ${JSON.stringify(right.slice(0, 200))} -> ${JSON.stringify(middle.slice(0, 200))}`
      }
    }
  }
}

const judgeFile = (path: string, language: string, text: string, parser: LanguageParser): void => {
  const tree = parser.parse(text)
  const file = wholeFileParser(parser, tree)
  const nodes = tree.nodes({ start: 0, end: text.length })
  const limits = { maxLines: 30, maxChars: maxMiddleChars }
  const candidates = syntaxCandidates({ text, nodes, focus: null, limits })
  const random = randomOf("verdicts", seed, path)
  for (const { kind, span } of chooseCuts({ candidates, focus: null, count: cutsOfFile(text.length), random })) {
    const others = (candidates.get(kind) ?? []).map((cut) => cut.span).filter((other) => !isOverlapping(other, span))
    const near = nodesNear(nodes, { start: Math.max(0, span.start - 800), end: Math.min(text.length, span.end + 500) })
    judgeProposals({ text, language, middle: span, nodes: near, hasGrammar: true, others }, file, path)
  }
  tree.release()
}

await Effect.runPromise(
  Effect.gen(function*() {
    const parser = yield* Parser
    for (const folder of args.filter((arg) => !arg.startsWith("--"))) {
      const paths = execFileSync("git", ["-C", folder, "ls-files"], { encoding: "utf8", maxBuffer: 1 << 28 }).split(
        "\n"
      )
      const known = paths.flatMap((path) => {
        const language = languageOfPath(path)
        return language?.hasGrammar === true && reasonAgainstPath(path) === undefined
          ? [{ path, name: language.name }]
          : []
      })
      const drawn = known.map((file) => ({ ...file, at: unitInterval("files", seed, file.path) })).sort((a, b) =>
        a.at - b.at
      )
      for (const { name, path } of drawn.slice(0, most)) {
        const decoded = decodeSource(readFileSync(join(folder, path)))
        if (decoded._tag === "text" && decoded.text.length < 500_000) {
          judgeFile(path, name, decoded.text, yield* parser.open(name))
        }
      }
    }
  }).pipe(Effect.provide(TreeSitterParser.layer))
)

for (const [name, { agreed, example, judged, looser, stricter }] of tallies) {
  process.stdout.write(
    `${name.padEnd(14)} ${String(judged).padStart(7)} ${(agreed / judged * 100).toFixed(2).padStart(7)} %` +
      `  looser ${looser}, stricter ${stricter}${example === "" ? "" : `  such as ${example}`}\n`
  )
}
process.stdout.write(`in the frame ${Math.round(frameMillis)} ms, in the file ${Math.round(fileMillis)} ms\n`)
