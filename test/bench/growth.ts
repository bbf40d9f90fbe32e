/**
 * `pnpm bench growth [--rounds=5]`: what a cut of generate costs where the same change is made in a file of 10, 100 and
 * 1000 times the length: the least CPU of some rounds, and the work of the parser, which no load of the machine changes.
 */
import * as Effect from "effect/Effect"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { Parser } from "../../services/Parser.ts"
import { runHistoryJob } from "../../tasks/generate/history-job.ts"
import { jobTools } from "../../tasks/generate/job-tools.ts"
import { countedParser } from "../support/counted-parser.ts"
import { changesOfLength } from "../support/growing-file.ts"

const rounds = Number(process.argv.find((arg) => arg.startsWith("--rounds="))?.slice(9) ?? 5)
const files = [["python", "a.py"], ["javascript", "a.js"], ["c", "a.c"], ["go", "a.go"], ["php", "a.php"]] as const

const print = (cells: ReadonlyArray<string | number>) =>
  process.stdout.write(
    `${cells.map((cell, index) => index === 0 ? String(cell).padEnd(12) : String(cell).padStart(12)).join("")}\n`
  )

const noContext = () => Effect.dieMessage("no context was asked for")

await Effect.runPromise(
  Effect.gen(function*() {
    print(["", "functions", "cuts", "ms a cut", "units a cut", "nodes a cut", "parses a row"])
    for (const [language, path] of files) {
      for (const count of [15, 150, 1500, 15_000]) {
        const input = yield* changesOfLength(language, path, count)
        let least = Infinity
        for (let round = 0; round < rounds; round++) {
          const { parser, work } = countedParser(yield* Parser)
          const before = process.cpuUsage()
          const { ledger, records } = yield* runHistoryJob(parser, jobTools(noContext))(input)
          const { system, user } = process.cpuUsage(before)
          const cuts = ledger["cuts"]?.came ?? 1
          least = Math.min(least, (user + system) / 1000 / cuts)
          if (round < rounds - 1) continue
          print([
            language,
            count,
            cuts,
            least.toFixed(2),
            Math.round(work.parsed / cuts),
            Math.round(work.nodes / cuts),
            (work.parses / Math.max(1, records.length)).toFixed(2)
          ])
        }
      }
    }
  }).pipe(Effect.provide(TreeSitterParser.layer))
)
