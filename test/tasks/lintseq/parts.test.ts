import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { randomOf } from "../../../services/text/random.ts"
import { languageSaid } from "../../../tasks/lintseq/code-field.ts"
import { lineTable, sampleLines } from "../../../tasks/lintseq/pylintseq.ts"
import { dealLines } from "../../../tasks/lintseq/random-baseline.ts"
import { batchRowsOf, countRowsOf, joinRows, type RowBatch, sampleRowsOf } from "../../../tasks/lintseq/row-batches.ts"
import { newProblems } from "../../../tasks/lintseq/sample.ts"
import { type Needs, putUp } from "../../../tasks/lintseq/structure/needs.ts"

const needsOf = FastCheck.integer({ min: 1, max: 12 }).chain((count) =>
  FastCheck.array(
    FastCheck.tuple(FastCheck.nat(count - 1), FastCheck.uniqueArray(FastCheck.nat(count - 1), { minLength: 1 })),
    { maxLength: 20 }
  ).map((all): Needs => ({ count, needing: all.map(([needing]) => needing), oneOf: all.map(([, oneOf]) => oneOf) }))
)

/** What stands once `taken` are gone, by going through all needs until nothing changes. */
const fixpoint = (needs: Needs, taken: ReadonlyArray<number>): ReadonlySet<number> => {
  const gone = new Set(taken)
  for (let before = -1; before !== gone.size;) {
    before = gone.size
    for (const [at, needing] of needs.needing.entries()) {
      if (needs.oneOf[at]?.every((choice) => gone.has(choice)) === true) gone.add(needing)
    }
  }
  return gone
}

describe("needs", () => {
  it.prop(
    "what is taken brings down all that cannot stand without it, and nothing else",
    { needs: needsOf, order: FastCheck.array(FastCheck.nat(11), { maxLength: 12 }) },
    ({ needs, order }) => {
      const standing = putUp(needs)
      const taken: Array<number> = []
      for (const thing of order.filter((thing) => thing < needs.count)) {
        taken.push(thing)
        standing.take(thing)
        const gone = fixpoint(needs, taken)
        for (let at = 0; at < needs.count; at++) assert.strictEqual(standing.stands(at), !gone.has(at))
      }
    }
  )

  it.prop("a mark leads back", { needs: needsOf, first: FastCheck.nat(11), second: FastCheck.nat(11) }, (drawn) => {
    const { needs } = drawn
    const first = drawn.first % needs.count
    const standing = putUp(needs)
    standing.take(first)
    const back = standing.mark()
    const went = standing.take(drawn.second % needs.count)
    back()
    assert.deepStrictEqual(standing.take(drawn.second % needs.count), went)
  })
})

describe("problems", () => {
  it("count only beyond those of the whole program", () => {
    const problem = (message: string, line: number) => ({ rule: "F821", message, line, isSyntax: false })
    const own = [problem("x", 1), problem("x", 9)]
    assert.deepStrictEqual(newProblems([problem("x", 4)], own), [])
    assert.deepStrictEqual(newProblems([problem("x", 4), problem("x", 5), problem("x", 6)], own), [problem("x", 6)])
    assert.deepStrictEqual(newProblems([problem("y", 4)], own), [problem("y", 4)])
  })
})

describe("the lines of the paper's algorithm", () => {
  const source = [
    "# comment\n",
    "\n",
    "def f(x):\n",
    "    if x:\n",
    "        return [\n",
    "            1\n",
    "        ]\n",
    "TABLE = [\n",
    "    1,\n",
    "    2\n",
    "]\n",
    "y = f(1)\n"
  ]

  it("weigh what their indent says; comments, blank lines and inner lines of constants nothing", () => {
    assert.deepStrictEqual(lineTable(source).weights, [0, 0, 1, 1, 2, 2, 2, 1, 0, 0, 0, 1])
  })

  it("a line with one character has the indent of the line above", () => {
    assert.deepStrictEqual(lineTable(["if x:\n", "    y = (\n", ")\n"]).indents, [0, 4, 4])
  })

  it("go with the deeper block below them, and what is never drawn comes first of all", () => {
    const steps = run(sampleLines(lineTable(source), randomOf("x", 1), { maxSteps: 512, isOverdue: () => false }))
    assert.deepStrictEqual(steps.flat().sort((a, b) => a - b), source.map((_, line) => line))
    assert.deepStrictEqual(steps.at(-1), [0, 1])
    const withDef = steps.find((step) => step.includes(2)) ?? []
    for (const line of [3, 4, 5, 6]) {
      assert.isTrue(steps.indexOf(withDef) >= steps.findIndex((step) => step.includes(line)))
    }
  })

  it("are dealt out into edits of the sizes of the guided path", () => {
    const guided = [[3, 4, 5, 6], [2], [0, 1, 7, 8, 9, 10, 11]]
    const dealt = dealLines(lineTable(source), guided, randomOf("x", 2))
    assert.deepStrictEqual(dealt.map((step) => step.length), [4, 1, 7])
    assert.deepStrictEqual(dealt.flat().sort((a, b) => a - b), source.map((_, line) => line))
  })

  const run = (judged: ReturnType<typeof sampleLines>) => {
    let next = judged.next([])
    while (next.done !== true) next = judged.next([])
    return next.value ?? []
  }
})

describe("languages of rows", () => {
  it("are known by the names that people give them", () => {
    assert.deepStrictEqual([" Python", "C++", "golang", "cobol"].map(languageSaid), ["python", "cpp", "go", "cobol"])
    assert.deepStrictEqual(["Python 3", "python3.11", "PyPy3", "C++17 (GCC)", "Node.js", "en"].map(languageSaid), [
      "python",
      "python",
      "python",
      "cpp",
      "javascript",
      "en"
    ])
  })
})

describe("batches of rows", () => {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  const chunksOf = (text: string, sizes: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
    const bytes = encoder.encode(text)
    const chunks: Array<Uint8Array> = []
    let at = 0
    for (let turn = 0; at < bytes.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1
      chunks.push(bytes.slice(at, at + size))
      at += size
    }
    return chunks
  }
  const rowsOf = (batches: Iterable<RowBatch>) =>
    [...batches].flatMap(({ rows }) => {
      const lines = decoder.decode(joinRows(rows)).split("\n")
      assert.strictEqual(lines.pop(), "")
      assert.strictEqual(lines.length, rows.length)
      return lines.map((line, at) => [rows[at]?.index, line] as const)
    })
  const text = FastCheck.array(FastCheck.constantFrom("a", "é", " ", "\t", "\n", "\n\n", "{}", "\r\n"), {
    maxLength: 60
  })
    .map((parts) => parts.join(""))
  const sizes = FastCheck.array(FastCheck.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })

  it.effect.prop(
    "hold every row once and in order, however the input comes",
    { text, sizes },
    ({ sizes, text }) =>
      Effect.gen(function*() {
        const input = Stream.fromIterable(chunksOf(text, sizes))
        const expected = text.split("\n").filter((line) => line.trim() !== "").map((line, at) => [at, line] as const)
        assert.deepStrictEqual(rowsOf(yield* Stream.runCollect(batchRowsOf(input))), expected)
        assert.strictEqual(yield* countRowsOf(input), expected.length)
        assert.deepStrictEqual(rowsOf(yield* Stream.runCollect(sampleRowsOf(input, 1000, 1))), expected)
      })
  )

  it.effect("a sample has its size, is the same for a seed, and favours no place", () =>
    Effect.gen(function*() {
      const input = Stream.make(encoder.encode(Array.from({ length: 4000 }, (_, at) => `r${at}\n`).join("")))
      const drawn = rowsOf(yield* Stream.runCollect(sampleRowsOf(input, 400, 7)))
      assert.strictEqual(drawn.length, 400)
      assert.isTrue(drawn.every(([index, line]) => line === `r${index}`))
      assert.deepStrictEqual(rowsOf(yield* Stream.runCollect(sampleRowsOf(input, 400, 7))), drawn)
      assert.notDeepEqual(rowsOf(yield* Stream.runCollect(sampleRowsOf(input, 400, 8))), drawn)
      const early = drawn.filter(([index]) => (index ?? 0) < 2000).length
      assert.isTrue(early > 150 && early < 250, `${early} of the first half`)
    }))
})
