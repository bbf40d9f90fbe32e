import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { benchmarkTextsOf } from "../../../services/hygiene/benchmark-texts.ts"
import { makeBenchmarks, makeHits } from "../../../services/hygiene/decontamination.ts"
import { randomOf } from "../../../services/text/random.ts"

/** A function of twelve lines, whose names only this number has. */
const code = (number: number) => {
  const random = randomOf("task", number)
  const word = () => `${random.pick(["find", "count", "close", "list", "order"])}_${number}_${random.below(900)}`
  return Array.from({ length: 12 }, () => `    ${word()} = ${word()}(${word()}, ${word()})\n`).join("")
}
const tasks = Array.from(
  { length: 30 },
  (_, number) => ({ file: "set.jsonl", task: `T/${number}`, text: code(number) })
)
const benchmarks = makeBenchmarks(tasks)

describe("decontamination", () => {
  it("finds five lines of a task, however they are laid out and wherever they stand", () =>
    FastCheck.assert(
      FastCheck.property(
        FastCheck.nat(29),
        FastCheck.nat(7),
        FastCheck.constantFrom("\n", "\r\n", "\n\n\t", " "),
        FastCheck.string(),
        (number, from, end, around) => {
          const piece = code(number).split("\n").slice(from, from + 5).join(end)
          const hit = benchmarks.hitIn([code(100 + number), `${around}\n${piece}\n${around}`])
          assert.strictEqual(hit?.task, `T/${number}`)
          assert.strictEqual(hit?.file, "set.jsonl")
          assert.isTrue(piece.includes(hit?.example ?? "?"))
        }
      )
    ))

  it("finds nothing in other rows, nor in too short a piece", () =>
    FastCheck.assert(FastCheck.property(FastCheck.nat(29), FastCheck.nat(10), (number, from) => {
      assert.isUndefined(benchmarks.hitIn([code(100 + number)]))
      const piece = code(number).split("\n").slice(from, from + 2).join("\n")
      assert.isUndefined(benchmarks.hitIn([piece]))
    })))

  it("does not count digits, loops and short words", () => {
    const texts = ["1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", "for i in a: for j in b: for k in c: for i in a: for j in b:"]
    const { hitIn, runs, tooShort } = makeBenchmarks(texts.map((text, at) => ({ file: "f", task: `${at}`, text })))
    assert.deepStrictEqual([runs, tooShort], [0, 2])
    for (const text of texts) assert.isUndefined(hitIn([text]))
  })

  it("does not add up runs of several tasks", () => {
    // Each of two tasks has two runs of the row, which is one too few.
    const words = code(1).match(/\w+/g) ?? []
    const { hitIn } = makeBenchmarks([
      { file: "f", task: "a", text: words.slice(0, 11).join(" ") },
      { file: "f", task: "b", text: words.slice(12, 23).join(" ") }
    ])
    assert.isUndefined(hitIn([words.join(" ")]))
    assert.isDefined(makeBenchmarks([{ file: "f", task: "a", text: words.slice(0, 12).join(" ") }]).hitIn([code(1)]))
  })

  it("reports the tasks that were hit in one order", () => {
    const hit = (task: string) => ({ file: "f", task, runs: 3, example: "" })
    const all = [["b", "p2"], ["a", "p9"], ["b", "p1"], ["c", "p3"]] as const
    const reports = [all, [...all].reverse()].map((some) => {
      const hits = makeHits()
      for (const [task, place] of some) hits.add(hit(task), place)
      return hits.result().map(({ place, rows, task }) => [task, rows, place])
    })
    assert.deepStrictEqual(reports[0], [["b", 2, "p1"], ["a", 1, "p9"], ["c", 1, "p3"]])
    assert.deepStrictEqual(reports[1], reports[0])
  })
})

describe("texts of benchmarks", () => {
  it("are whole programs, and rows of one program are one task", () => {
    const row = (at: number) => ({
      task_id: `SingleLineInfilling/HumanEval/0/L${at}`,
      entry_point: "f",
      prompt: "def f():\n",
      suffix: "    return a\n",
      canonical_solution: "    a = 1\n",
      test: "check(f)"
    })
    for (const at of [0, 1]) {
      assert.deepStrictEqual(benchmarkTextsOf(row(at), "he.jsonl", at), [
        { file: "he.jsonl", task: "HumanEval/0", text: "def f():\n    a = 1\n    return a\n" }
      ])
    }
  })

  it.each([
    [
      { task_id: "HumanEval/1", prompt: "def g():", canonical_solution: "  return 2" },
      "HumanEval/1",
      "def g():\n  return 2"
    ],
    [{ task_id: 3, text: "Add", code: "a + b" }, "3", "Add\na + b"],
    [{ instance_id: "x__y-1", problem_statement: "It breaks", patch: "+a" }, "x__y-1", "It breaks\n+a"],
    [{ query: "q", answer: "a" }, "row 5", "q\na"]
  ])(
    "are read from %o",
    (row, task, text) => assert.deepStrictEqual(benchmarkTextsOf(row, "f", 5), [{ file: "f", task, text }])
  )

  it("are none where nothing is known", () => {
    for (const row of [null, 1, [], {}, { other: "x" }]) assert.deepStrictEqual(benchmarkTextsOf(row, "f", 0), [])
  })
})
