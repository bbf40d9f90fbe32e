import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as RuffLinter from "../../../layers/linter/RuffLinter.ts"
import { applyRendered, type EditFormat, editFormats, replayPath } from "../../../services/edits/edit-format.ts"
import { splitLines } from "../../../services/text/lines.ts"
import { type LanguageLinter, Linter } from "../../../services/Linter.ts"
import { newProblems } from "../../../tasks/lintseq/sample.ts"
import { drawPrograms as draw, textAfter } from "../../support/draw-programs.ts"
import { pythonProgram } from "../../support/python-programs.ts"
import { sources } from "../../support/sources.ts"

let ruff: LanguageLinter
const scope = Effect.runSync(Scope.make())
beforeAll(async () => {
  const linters = await Effect.runPromise(Layer.buildWithScope(RuffLinter.layer, scope))
  ruff = await Effect.runPromise(Context.get(linters, Linter).open("python"))
})
afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const problems = (source: string) => (ruff._tag === "immediate" ? ruff.check(source) : [])

describe("paths of Python programs", () => {
  it("build the program byte for byte, and every state is clean", { timeout: 120_000 }, async () => {
    let seen = 0
    await FastCheck.assert(
      FastCheck.asyncProperty(pythonProgram, FastCheck.nat(), async (code, seed) => {
        const own = problems(code)
        const { ledger, rows } = await draw([{ code }], { seed })
        if (own.some(({ isSyntax }) => isSyntax)) {
          assert.deepStrictEqual(ledger["programs"]?.leftOut, { "does not parse": 1 })
          return
        }
        seen++
        const path: ReadonlyArray<string> = rows[0]?.edit_path
        assert.deepStrictEqual(replayPath("udiff", path), splitLines(code).lines)
        for (let count = 1; count < path.length; count++) {
          assert.deepStrictEqual(newProblems(problems(textAfter(path, count)), own), [])
        }
        const first = splitLines(textAfter(path, 1)).lines
        assert.isTrue(first.some((line) => !/^\s*(?:#|$)/.test(line)), "the first edit is more than comments")
        assert.isFalse(/^\s*$/.test(first[0] ?? ""), "no state begins with a gap")
      }),
      { numRuns: 120 }
    )
    assert.isAbove(seen, 60)
  })

  it("differ from path to path, and are the same for a seed", async () => {
    const [code] = FastCheck.sample(pythonProgram.filter((text) => text.length > 600 && problems(text).length === 0), {
      numRuns: 1,
      seed: 5
    })
    const programs = [{ code: code ?? "" }]
    const many = (await draw(programs, { pathsPerProgram: 5 })).rows.map(({ edit_path }) => JSON.stringify(edit_path))
    assert.strictEqual(new Set(many).size, many.length)
    assert.isAbove(many.length, 1)
    const again = (await draw(programs, { pathsPerProgram: 5 })).rows.map(({ edit_path }) => JSON.stringify(edit_path))
    assert.deepStrictEqual(again, many)
    // A path does not depend on what else is asked of its program.
    assert.strictEqual(JSON.stringify((await draw(programs)).rows[0].edit_path), many[0])
    assert.notDeepEqual(
      (await draw(programs, { seed: 2 })).rows.map(({ edit_path }) => JSON.stringify(edit_path)),
      many.slice(0, 1)
    )
  })

  it("keep the errors that the program has itself, and bring in no others", async () => {
    const code = "print(missing)\n\n\ndef f():\n    return missing\n"
    const { rows } = await draw([{ code }])
    assert.deepStrictEqual(replayPath("udiff", rows[0].edit_path), splitLines(code).lines)
  })

  it("are at most as long as is asked; the first edit takes the rest", async () => {
    const code = Array.from({ length: 40 }, (_, at) => `x${at} = ${at}\n`).join("")
    assert.strictEqual((await draw([{ code }])).rows[0].edit_path.length, 40)
    const [row] = (await draw([{ code }], { maxEdits: 5 })).rows
    assert.strictEqual(row.edit_path.length, 5)
    assert.deepStrictEqual(replayPath("udiff", row.edit_path), splitLines(code).lines)
  })

  it("stop at the time limit, and are counted", async () => {
    const code = Array.from({ length: 4000 }, (_, at) => `x${at} = ${at}\n`).join("")
    const { ledger } = await draw([{ code }], { timeLimitSeconds: 0.001 })
    assert.deepStrictEqual(ledger["programs"], { came: 1, kept: 0, leftOut: { "time limit": 1 } })
  })

  it("are drawn over lines, or without a linter, where that is asked", async () => {
    const code = "import os\n\n# about f\ndef f(x):\n    if x:\n        return os\n    return 1\n\n\nprint(f(2))\n"
    for (const choices of [{ algorithm: "pylintseq", linter: "ruff" }, { randomBaseline: true }] as const) {
      const { rows } = await draw([{ code }], choices)
      assert.deepStrictEqual(replayPath("udiff", rows[0].edit_path), splitLines(code).lines)
    }
    const guided = (await draw([{ code }])).rows[0].edit_path
    const dealt = (await draw([{ code }], { randomBaseline: true })).rows[0].edit_path
    const sizes = (path: ReadonlyArray<string>) =>
      path.map((edit) => edit.split("\n").filter((line) => line.startsWith("+")).length)
    assert.deepStrictEqual(sizes(dealt), sizes(guided))
  })
})

describe("rows", () => {
  const code = "x = 1\ny = x\n\n\ndef f():\n    return y"

  it("have the columns of the paper's package", async () => {
    const [row] = (await draw([{ code }])).rows
    assert.deepStrictEqual(Object.keys(row), [
      "edit_path",
      "index",
      "source_file",
      "source_instruction",
      "source_response"
    ])
    assert.deepInclude(row, { index: 0, source_file: "x.jsonl", source_instruction: "do", source_response: code })
  })

  it("hold edits of every format, which replay to the same lines", async () => {
    for (const format of editFormats) {
      const [row] = (await draw([{ code }], { format })).rows
      assert.deepStrictEqual(replayPath(format, row.edit_path), splitLines(code).lines, format)
    }
  })

  it("are prompts and completions where a trainer wants them", async () => {
    const format: EditFormat = "search-replace"
    const first = (await draw([{ code }], { format: "prompt-completion", editFormat: format })).rows
    assert.strictEqual(first.length, 1)
    assert.deepInclude(first[0], { prompt: "do", step: 0 })
    assert.deepStrictEqual(replayPath(format, first[0].completion.split("<|diff|>")), splitLines(code).lines)
    const each = (await draw([{ code }], { format: "prompt-completion", states: "each" })).rows
    for (const row of each) {
      const state = splitLines(row.prompt === "do" ? "" : row.prompt.slice("do\n".length)).lines
      const end = row.completion.split("<|diff|>").reduce(
        (lines: ReadonlyArray<string>, edit: string) => applyRendered("udiff", lines, edit),
        state
      )
      assert.deepStrictEqual(end, splitLines(code).lines)
    }
    assert.deepStrictEqual(each.map(({ step }) => step), each.map((_, at) => at))
  })

  it("hold the code of an answer in Markdown; fences in comments are code", async () => {
    const answer = "Sure:\n```python\nx = 1\nprint(x)\n```\nDone."
    const commented = "/**\n * ```ts\n * f()\n * ```\n */\nfunction f() {\n  return 1\n}\n"
    const documented = "def f():\n    '''Like\n\n```python\nf()\n```\n    '''\n"
    const fenced = "```js\nf()\n```"
    const { rows } = await draw([
      { code: answer },
      { code: commented, language: "ts" },
      { code: documented },
      { code: fenced, language: "javascript" }
    ])
    const texts = rows.map(({ edit_path }) => replayPath("udiff", edit_path).join("\n"))
    assert.deepStrictEqual(texts, ["x = 1\nprint(x)", commented.trimEnd(), documented.trimEnd(), "f()"])
    assert.strictEqual(rows[0].source_response, answer)
  })
})

describe("paths of programs of other languages", () => {
  it.each(Object.keys(sources).filter((language) => language !== "bash"))("build a program of %s", async (language) => {
    const code = sources[language] ?? ""
    const lengths: Array<number> = []
    for (let seed = 0; seed < 12; seed++) {
      const { ledger, rows } = await draw([{ code, language }], { seed })
      assert.strictEqual(ledger["programs"]?.kept, 1, JSON.stringify(ledger))
      assert.deepStrictEqual(replayPath("udiff", rows[0].edit_path), splitLines(code).lines)
      lengths.push(rows[0].edit_path.length)
    }
    assert.isAbove(Math.max(...lengths), 1)
  })

  it("says which languages it cannot take apart", async () => {
    const { ledger } = await draw([{ code: "x", language: "cobol" }])
    assert.deepStrictEqual(ledger["programs"]?.leftOut, { "no grammar for cobol": 1 })
  })
})
