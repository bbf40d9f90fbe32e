/** What rows cost, in work that is counted: nothing here depends on how busy a machine is. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TreeSitterParser from "../../../layers/parser/TreeSitterParser.ts"
import { Parser } from "../../../services/Parser.ts"
import { runHistoryJob } from "../../../tasks/generate/history-job.ts"
import { jobTools } from "../../../tasks/generate/job-tools.ts"
import { countedParser } from "../../support/counted-parser.ts"
import { changesOfLength } from "../../support/growing-file.ts"

const workOn = Effect.fnUntraced(function*(language: string, path: string, count: number) {
  const { parser, work } = countedParser(yield* Parser)
  const run = runHistoryJob(parser, jobTools(() => Effect.dieMessage("no context was asked for")))
  const { ledger, records } = yield* run(yield* changesOfLength(language, path, count))
  return { work, rows: records.length, cuts: ledger["cuts"]?.came ?? 0 }
})

describe("the work of a row", () => {
  it.effect.each([["python", "a.py"], ["c", "a.c"], ["go", "a.go"], ["php", "a.php"], ["java", "A.java"]] as const)(
    "%s: grows by less than half when the file is ten times as long",
    ([language, path]) =>
      Effect.gen(function*() {
        const [short, long, longest] = yield* Effect.forEach([150, 1500, 15_000], (count) =>
          workOn(language, path, count))
        assert.isAbove(short?.rows ?? 0, 10)
        for (const [shorter, longer] of [[short, long], [long, longest]] as const) {
          if (shorter === undefined || longer === undefined) {
            return assert.fail("no work was done")
          }
          assert.isBelow(longer.work.parsed / longer.cuts, 1.5 * shorter.work.parsed / shorter.cuts)
          assert.isBelow(longer.work.nodes / longer.cuts, 1.5 * shorter.work.nodes / shorter.cuts)
        }
        assert.strictEqual(longest?.work.edits, 0)
      }).pipe(Effect.provide(TreeSitterParser.layer))
  )

  it.effect("stays within bounds in a fixed history", () =>
    Effect.gen(function*() {
      const { cuts, rows, work } = yield* workOn("python", "a.py", 40)
      assert.isAbove(rows, 10)
      // A negative parses its frame once or twice; each change asks for its nodes once.
      assert.isBelow(work.parses / cuts, 4)
      assert.isBelow(work.parsed / cuts, 2500)
      assert.isBelow(work.looks / cuts, 1.1)
      assert.isBelow(work.nodes / cuts, 500)
      assert.isAtMost(work.edits, 12)
    }).pipe(Effect.provide(TreeSitterParser.layer)))
})
