import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { openJournal } from "../../../tasks/evaluate/journal.ts"
import { parseModelSpec } from "../../../tasks/evaluate/model-spec.ts"
import { type CountErrors, scoreAnswer } from "../../../tasks/evaluate/score-answer.ts"
import { type ComparedRow, groupsOf, tabulate } from "../../../tasks/evaluate/tabulate.ts"
import { type TestRow, testRowOf } from "../../../tasks/evaluate/test-row.ts"
import type { ReadAnswer } from "../../../services/measures/next-edit/edit-score.ts"
import { readEvaluationRow } from "../../../services/evaluation-sets/sets.ts"
import { similarLine, suffixEcho } from "../../../services/text/baseline-infills.ts"
import { gapRow } from "../../support/evaluated.ts"

const noErrors = () => undefined
const judges = (countErrors: CountErrors) => ({ countErrors, trialOf: () => null })

const rowOf = (row: unknown, rest: Partial<TestRow> = {}): TestRow => {
  const read = readEvaluationRow(row)
  if (read._tag === "refused") throw new Error(read.reason)
  const made = testRowOf(read, { place: "rows:1", isWhole: true, format: "", layout: null, cutoff: null })
  if ("reason" in made) throw new Error(made.reason)
  return { ...made, ...rest }
}

describe("the name of a model", () => {
  it.each(
    [
      ["llama.cpp=http://127.0.0.1:8080", { protocol: "llama.cpp", endpoint: "http://127.0.0.1:8080/", model: "" }],
      ["ollama=http://host:1#qwen2.5-coder:1.5b", {
        protocol: "ollama",
        endpoint: "http://host:1/",
        model: "qwen2.5-coder:1.5b"
      }],
      ["vllm=https://host/v1#org%2Fname", { protocol: "vllm", endpoint: "https://host/v1", model: "org/name" }],
      ["replay:some/answers#1.jsonl", { protocol: "replay", endpoint: "some/answers#1.jsonl", model: "" }]
    ] as const
  )("is read: %s", (typed, spec) => assert.deepStrictEqual(parseModelSpec(typed), { _tag: "served", ...spec }))

  it.each(["", "llama.cpp", "baseline:best", "openai=host", "http://host", "chat=file:///etc/passwd", "replay:"])(
    "is none: %s",
    (typed) => assert.isUndefined(parseModelSpec(typed))
  )
})

describe("baselines", () => {
  it.each([
    ["the line that begins alike", "a = f(1)\nb = 2\n  a = ", "f(1)"],
    ["the nearest of them", "a = f(1)\na = g(2)\na = ", "g(2)"],
    ["what followed a line like the one above", "if x:\n    go(x)\nz = 1\nif x:\n    ", "go(x)"],
    ["nothing where nothing is alike", "alpha\nbeta\n", ""],
    ["nothing in an empty text", "", ""]
  ])("copy %s", (_, prefix, answer) => assert.strictEqual(similarLine(prefix, ""), answer))

  it("echo the first line behind the gap", () => {
    assert.strictEqual(suffixEcho("", "\n\n  b = 2\nc\n"), "b = 2")
    assert.strictEqual(suffixEcho("", " \n"), "")
  })
})

describe("the score of an answer", () => {
  const row = rowOf(gapRow(7))
  const scoreOf = (text: string, isCutOff = false) => scoreAnswer(row, { text, isCutOff }, judges(noErrors))

  it("knows the right answer, one that runs on, and one that was cut off", () => {
    assert.deepStrictEqual(scoreOf("x + 7").scores, {
      exact: 1,
      similarity: 1,
      "first-line": 1,
      prefix: 1,
      identifiers: 1,
      "exact-cut": 1
    })
    assert.strictEqual(scoreOf("x + 7").stopping, "exact")
    const over = scoreOf("x + 7\n\n\nf_7(1)\n")
    assert.strictEqual(over.stopping, "echo")
    assert.strictEqual(over.scores.exact, 0)
    assert.strictEqual(over.scores["exact-cut"], 1)
    assert.strictEqual(scoreOf("x + 7", true).scores.exact, 0)
  })

  it("looks at the errors of whole files only", () => {
    const countErrors = (_: string, text: string) => (text.includes("(((") ? 1 : 0)
    assert.strictEqual(scoreAnswer(row, { text: "(((", isCutOff: false }, judges(countErrors)).scores.parses, 0)
    assert.strictEqual(scoreAnswer(row, { text: "x", isCutOff: false }, judges(countErrors)).scores.parses, 1)
    const part = { ...row, isWhole: false }
    assert.isUndefined(scoreAnswer(part, { text: "x", isCutOff: false }, judges(countErrors)).scores.parses)
  })

  const editRow = (wanted: string): TestRow => {
    const answerOf = (region: string): ReadAnswer =>
      region === "b\nc\n" ? { _tag: "no edit" } : { _tag: "edit", text: region, cursor: null }
    return {
      ...row,
      goal: {
        _tag: "edit",
        shown: {
          path: "f.py",
          events: [{ path: "f.py", before: "x\n", after: "b\n" }],
          above: "a\n",
          region: "b\nc\n",
          below: `${"d\n".repeat(20)}`,
          cursor: 0
        },
        wanted: [answerOf(wanted)],
        read: (answer) => answer === "?" ? undefined : answerOf(answer)
      }
    }
  }
  const editScores = (wanted: string, answer: string) =>
    scoreAnswer(editRow(wanted), { text: answer, isCutOff: false }, judges(noErrors)).scores

  it("knows the right edit, another one, one that takes back the last, and what is no edit", () => {
    assert.deepStrictEqual(editScores("b\ne\n", "b\ne\n"), {
      readable: 1,
      exact: 1,
      "delta-chrf": 1,
      "exact-lines": 1,
      far: 0,
      reversal: 0
    })
    assert.deepInclude(editScores("b\ne\n", "b\nf\n"), { exact: 0, "exact-lines": 0.5 })
    assert.deepInclude(editScores("b\ne\n", "x\nc\n"), { exact: 0, reversal: 1 })
  })

  it("counts an answer that is no edit in every measure, as one that helps nobody and does no harm", () => {
    assert.deepStrictEqual(editScores("b\ne\n", "?"), {
      readable: 0,
      exact: 0,
      "delta-chrf": 0,
      "exact-lines": 0,
      far: 0,
      reversal: 0
    })
    for (const wanted of ["b\ne\n", "b\nc\n"]) {
      assert.hasAllKeys(editScores(wanted, "?"), Object.keys(editScores(wanted, "b\ne\n")))
    }
  })

  it("praises silence where nothing is due", () => {
    assert.deepInclude(editScores("b\nc\n", "b\nc\n"), { quiet: 1, exact: 1 })
    assert.deepInclude(editScores("b\nc\n", "b\nd\n"), { quiet: 0, exact: 0 })
    assert.strictEqual(editScores("b\nc\n", "?").quiet, 0)
  })
})

describe("figures", () => {
  it("are by groups of files or of commits, whichever are fewer, and by rows where neither is told", () => {
    const rows = [["g1", "c1"], ["g1", "c2"], ["g2", "c3"]].map(([group = "", commit = ""], at) =>
      rowOf(gapRow(at), { group, commit, place: `p${at}` })
    )
    assert.deepStrictEqual(groupsOf(rows), ["g1", "g1", "g2"])
    assert.deepStrictEqual(groupsOf(rows.map((row) => ({ ...row, group: "", commit: "" }))), ["p0", "p1", "p2"])
  })

  it("judge slices only once all of them count", () => {
    // In one language the first model is a little better, in the other one a little worse: 4 rows of 100 each.
    const rows = Array.from({ length: 200 }, (_, at): ComparedRow => {
      const answer = {
        _tag: "answered",
        text: "",
        isCutOff: false,
        millis: at,
        firstMillis: null,
        logProbability: null
      } as const
      const scored = [at % 50 === 0 ? 1 : 0, at % 50 === 25 ? 1 : 0].map((exact) => ({
        scores: { exact },
        stopping: null
      }))
      return {
        row: rowOf(gapRow(at), { language: at % 2 === 0 ? "python" : "go" }),
        group: `g${at}`,
        answers: [answer, answer],
        scored
      }
    })
    const { models, slices, verdict } = tabulate(rows, "exact", 1, null)
    assert.strictEqual(verdict?._tag, "undecided")
    const languages = slices.filter(({ slice }) => slice === "language")
    assert.deepStrictEqual(languages.map(({ verdict }) => verdict?.gain), [0.04, -0.04])
    // Each interval alone leaves out 0.
    for (const { verdict } of languages) {
      const [low = 0, high = 0] = verdict?.interval ?? []
      assert.isAbove(low * high, 0)
      assert.strictEqual(verdict?._tag, "undecided")
    }
    assert.deepStrictEqual(models[0]?.total, { p50: 100, p90: 180, p99: 198 })
  })
})

describe("the journal", () => {
  it.effect("knows what was written whole, and goes on behind what was not", () =>
    Effect.gen(function*() {
      const folder = mkdtempSync(join(tmpdir(), "retrace-journal-"))
      const file = join(folder, "journal.jsonl")
      const kept = { _tag: "refused", detail: "no" } as const
      yield* Effect.scoped(Effect.flatMap(openJournal(folder), (journal) => journal.append("a", kept)))
      writeFileSync(file, `${readFileSync(file, "utf8")}{"key":"b","kept":{"_tag":"ref`)
      yield* Effect.scoped(Effect.gen(function*() {
        const journal = yield* openJournal(folder)
        assert.deepStrictEqual(journal.get("a"), kept)
        assert.isUndefined(journal.get("b"))
        yield* journal.append("c", kept)
      }))
      const again = yield* Effect.scoped(openJournal(folder))
      assert.deepStrictEqual(["a", "b", "c"].map((key) => again.get(key)), [kept, undefined, kept])
      rmSync(folder, { recursive: true })
    }).pipe(Effect.provide(NodeContext.layer)))
})
