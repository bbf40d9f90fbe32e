import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { applyBlocks, searchReplace } from "../../../services/edits/replace-blocks.ts"
import { applyEdit } from "../../../services/edits/line-edit.ts"
import { parseDiff } from "../../../services/edits/unified-diff.ts"
import { diffXyzOf } from "../../../services/evaluation-sets/diff-xyz.ts"
import { exampleSpecOf, rowOfExampleSpec } from "../../../services/evaluation-sets/example-spec-row.ts"
import { parseExampleSpec, renderExampleSpec } from "../../../services/evaluation-sets/example-spec.ts"
import { exportForms } from "../../../services/evaluation-sets/exports.ts"
import { patched } from "../../../services/evaluation-sets/patched.ts"
import {
  type EditRow,
  type EvaluationRow,
  type InfillRow,
  lengthOfContext,
  unknownOrigin
} from "../../../services/evaluation-sets/row.ts"
import { evaluationSetOf, evaluationSets, readEvaluationRow } from "../../../services/evaluation-sets/sets.ts"
import { dateTold } from "../../../services/evaluation-sets/told.ts"
import { type Fields, isFields } from "../../../services/rows/fields.ts"
import { splitLines } from "../../../services/text/lines.ts"

const fixtures = join(fileURLToPath(new URL("../../fixtures/evaluation-sets", import.meta.url)))
const rowsIn = (name: string): ReadonlyArray<Fields> =>
  readFileSync(join(fixtures, `${name}.jsonl`), "utf8").trim().split("\n").map((line) => JSON.parse(line))
const example = readFileSync(join(fixtures, "example.md"), "utf8")

const setNamed = (name: string) => {
  const set = evaluationSets.find((set) => set.name === name)
  assert.isDefined(set, name)
  return set ?? evaluationSets[0]!
}

describe("rows of public sets", () => {
  it.each(["crosscodeeval", "repobench", "safim", "humaneval-infilling", "santacoder-fim", "real-fim-eval"])(
    "%s is known by its fields",
    (name) => {
      for (const row of rowsIn(name)) assert.strictEqual(evaluationSetOf(row)?.name, name)
    }
  )

  const infills = (name: string) =>
    rowsIn(name).map(readEvaluationRow).map((row) => {
      assert.strictEqual(row._tag, "infill", JSON.stringify(row))
      return row as InfillRow
    })

  it("CrossCodeEval, with other files and without", () => {
    const [first, second, third] = infills("crosscodeeval")
    assert.deepStrictEqual(first, {
      ...unknownOrigin,
      _tag: "infill",
      id: "project_cc_python/7",
      path: "app/main.py",
      language: "python",
      repository: "someone-shapes-1a2b3c4",
      group: "someone-shapes-1a2b3c4",
      prefix: "from shapes import Square\n\ns = Square(2)\nprint(",
      suffix: "\nprint(s)\n",
      gold: "s.area())",
      removed: "",
      context: [{ path: "shapes.py", text: "class Square:\n    def area(self):" }],
      contextChars: 33,
      prompt: null
    })
    assert.deepInclude(second, { language: "typescript", suffix: "", context: [] })
    assert.deepInclude(third, { id: "", prefix: "x = ", gold: "1", context: [] })
  })

  it("RepoBench, as its own program puts it together", () => {
    assert.deepInclude(infills("repobench")[0], {
      prefix: "from shapes import Square\n\ns = Square(2)\n",
      gold: "print(s.area())",
      date: "2023-12-04T18:32:38Z",
      group: "someone/shapes",
      language: "python",
      context: [{ path: "shapes.py", text: "class Square:\n    pass\n" }]
    })
  })

  it("SAFIM, where there is a gap", () => {
    const [row, broken] = rowsIn("safim").map(readEvaluationRow)
    assert.deepInclude(row, {
      prefix: "n = int(input())\nfor i in range(n):\n    ",
      gold: "print(i)",
      suffix: "\nprint(n)\n",
      language: "python",
      kind: "block"
    })
    assert.deepStrictEqual(broken, { _tag: "refused", reason: "no {{completion}} in the program" })
  })

  it("HumanEval infilling, whose gaps in one function are one group", () => {
    const rows = infills("humaneval-infilling")
    assert.deepStrictEqual(rows.map(({ group, kind }) => [group, kind]), [
      ["HumanEval/0", "SingleLineInfilling"],
      ["HumanEval/0", "SingleLineInfilling"]
    ])
    assert.deepStrictEqual(rows.map(({ gold, prefix, suffix }) => prefix + gold + suffix), [
      "def double(n):\n    m = 2 * n\n    return m\n",
      "def double(n):\n    m = 2 * n\n    return m\n"
    ])
  })

  it("santacoder-fim and Real-FIM-Eval", () => {
    assert.deepStrictEqual(infills("santacoder-fim").map(({ gold, language }) => [gold, language]), [
      ["2 * n", "python"],
      ["2 * n", "java"]
    ])
    assert.deepStrictEqual(
      infills("real-fim-eval").map(({ date, kind, language, removed }) => [date, kind, language, removed]),
      [
        ["2025-02-03T04:05:06Z", "add", "go", ""],
        ["2025-02-03T04:05:06Z", "edit", "typescript", "w"]
      ]
    )
  })

  it("says what it does not know", () => {
    assert.deepStrictEqual(readEvaluationRow({ a: 1 }), { _tag: "refused", reason: "a row of no set that we know" })
    assert.deepStrictEqual(readEvaluationRow("a"), { _tag: "refused", reason: "a row of no set that we know" })
  })

  it.each([
    ["2023-12-04 18:32:38+00:00", "2023-12-04T18:32:38Z"],
    ["2025-02-03", "2025-02-03T00:00:00Z"],
    ["2025-02-03T05:05:06.123+01:00", "2025-02-03T04:05:06Z"],
    ["yesterday", ""],
    ["2025-13-40", ""]
  ])("reads the date %j", (text, date) => assert.strictEqual(dateTold(text), date))
})

const text = FastCheck.array(
  FastCheck.constantFrom("a = 1\n", "b(c)", " ", "\n", "```\n", "é", "+", "-", "x\n", "\"\"\"", "{", "# c\n"),
  { maxLength: 8 }
).map((parts) => parts.join(""))
const named = FastCheck.constantFrom("src/a.py", "lib/b.ts", "c.go", "", "d e/f.rs")

const infill: FastCheck.Arbitrary<InfillRow> = FastCheck.record({
  prefix: text,
  suffix: text,
  gold: text,
  removed: FastCheck.constantFrom("", "old\n"),
  path: named,
  context: FastCheck.array(FastCheck.record({ path: named, text: text.filter((text) => text !== "") }), {
    maxLength: 3
  }),
  repository: FastCheck.constantFrom("", "example.com/o/n"),
  commit: FastCheck.constantFrom("", "0123456789abcdef"),
  date: FastCheck.constantFrom("", "2024-05-06T07:08:09Z"),
  id: FastCheck.constantFrom("", "row/1")
}).map((parts) => ({
  ...unknownOrigin,
  ...parts,
  _tag: "infill",
  language: { py: "python", ts: "typescript", go: "go", rs: "rust" }[parts.path.split(".")[1] ?? ""] ?? "",
  group: "g",
  prompt: null,
  contextChars: lengthOfContext(parts.context)
}))

describe("what a form can hold is read back as it was written", () => {
  it.each<[string, ReadonlyArray<keyof InfillRow>]>([
    ["crosscodeeval", ["id", "path", "language", "repository", "prefix", "suffix", "gold", "context", "contextChars"]],
    ["repobench", ["path", "language", "repository", "date", "context", "contextChars"]],
    ["santacoder-fim", ["id", "language", "prefix", "suffix", "gold"]],
    ["real-fim-eval", ["path", "language", "repository", "commit", "date", "prefix", "suffix", "gold", "removed"]]
  ])("%s", (name, held) => {
    const set = setNamed(name)
    let written = 0
    FastCheck.assert(
      FastCheck.property(infill, (row) => {
        const fields = set.write?.(row)
        if (fields === undefined || fields["_tag"] === "refused" || !isFields(fields)) return
        written++
        const parsed: unknown = JSON.parse(JSON.stringify(fields))
        assert.deepStrictEqual(isFields(parsed) ? evaluationSetOf(parsed)?.name : "", name)
        const read = readEvaluationRow(parsed)
        assert.strictEqual(read._tag, "infill")
        if (read._tag !== "infill") return
        for (const key of held) assert.deepStrictEqual(read[key], row[key], key)
        // Where a whole line is asked for, its indentation is part of it, and neither blank lines nor blanks are left above.
        assert.strictEqual(
          (read.prefix + read.gold).replace(/\s*\n/g, "\n").trim(),
          (row.prefix + row.gold).replace(/\s*\n/g, "\n").trim()
        )
      }),
      { numRuns: 1000 }
    )
    assert.isAbove(written, 10)
  })

  it("RepoBench holds whole lines only", () => {
    const { write } = setNamed("repobench")
    const row = { ...unknownOrigin, _tag: "infill", suffix: "", removed: "", context: [], prompt: null } as const
    assert.deepInclude(write?.({ ...row, prefix: "a\n  ", gold: "b" }), { cropped_code: "a", next_line: "  b" })
    assert.deepInclude(write?.({ ...row, prefix: "a = ", gold: "b" }), { _tag: "refused" })
    assert.deepInclude(write?.({ ...row, prefix: "a\n", gold: "b\nc" }), { _tag: "refused" })
  })

  it("sets that are judged by running are not written", () => {
    for (const name of ["safim", "humaneval-infilling"]) assert.isNull(setNamed(name).write)
    assert.notInclude(exportForms.map(({ name }) => name), "safim")
  })
})

const editRow: FastCheck.Arbitrary<EditRow> = FastCheck.record({
  lines: FastCheck.uniqueArray(
    FastCheck.constantFrom("a = 1", "  b(c)", "```", "", "x - y", "+++", "# d", "e `f`", "g"),
    {
      minLength: 1
    }
  ),
  at: FastCheck.nat(),
  cursor: FastCheck.nat(),
  kind: FastCheck.constantFrom("", "near"),
  repository: FastCheck.constantFrom("", "example.com/o/n"),
  hasRejected: FastCheck.boolean(),
  isNoEdit: FastCheck.boolean()
}).map(({ at, cursor, hasRejected, isNoEdit, kind, lines, repository }) => {
  const whole = `${lines.join("\n")}\n`
  const changed = lines.map((line, place) => (place === at % lines.length ? `${line} new` : line))
  return {
    ...unknownOrigin,
    _tag: "edit",
    id: "an example",
    path: "src/a.py",
    language: "python",
    repository,
    parent: "0123456789abcdef",
    group: repository,
    kind,
    moment: {
      file: { path: "src/a.py", text: whole },
      cursor: cursor % whole.length,
      events: [{ path: "src/b.py", before: "old\n", after: "old\nnew\n" }],
      related: [],
      ancestors: []
    },
    wanted: [isNoEdit ? whole : `${changed.join("\n")}\n`],
    rejected: hasRejected ? `${lines.join("\n")}\nmore\n` : null,
    asked: null
  }
})

describe("Zed's examples", () => {
  it("are read from Markdown with a head in TOML", () => {
    const spec = parseExampleSpec(example)
    assert.notTypeOf(spec, "string")
    if (typeof spec === "string") return
    assert.deepInclude(spec, {
      name: "Use the new parameter",
      repositoryUrl: "https://example.com/someone/shapes",
      tags: ["near", "rename"],
      uncommittedDiff: "",
      cursorPath: "src/area.py"
    })
    const row = rowOfExampleSpec(spec)
    assert.strictEqual(row._tag, "edit", JSON.stringify(row))
    if (row._tag !== "edit") return
    assert.strictEqual(row.moment.file.text, "def area(w, h):\n    return w\nprint(area(2))\n")
    assert.strictEqual(row.moment.cursor, "def area(w, h):\n    return w".length)
    assert.deepStrictEqual(row.wanted, [
      "def area(w, h):\n    return w * h\nprint(area(2))\n",
      "def area(w, h):\n    return h * w\nprint(area(2, 3))\n"
    ])
    assert.strictEqual(row.rejected, "def area(w):\n    return w\nprint(area(2))\n")
    assert.deepStrictEqual(row.moment.events, [{
      path: "src/area.py",
      before: "def area(w):\n    return w\nprint(area(2))\n",
      after: "def area(w, h):\n    return w\nprint(area(2))\n"
    }])
    assert.deepInclude(row, { repository: "example.com/someone/shapes", kind: "near", language: "python" })
  })

  it.each([
    ["no block tells where the cursor is", "# A\n\n## Expected Patch\n\n```diff\n```\n"],
    ["the head of the file is no TOML", "+++\n= 1\n+++\n# A\n"]
  ])("refuses a file: %s", (reason, file) => assert.strictEqual(parseExampleSpec(file), reason))

  it.prop("are written as they are read", [editRow], ([row]) => {
    const spec = exampleSpecOf(row)
    assert.isFalse("_tag" in spec, JSON.stringify(spec))
    if ("_tag" in spec) return
    const read = parseExampleSpec(renderExampleSpec(spec))
    assert.deepStrictEqual(read, spec)
    if (typeof read !== "string") assert.deepStrictEqual(rowOfExampleSpec(read), row)
  }, { fastCheck: { numRuns: 500 } })

  it("hold no gaps, and no text with their marks", () => {
    const row = rowsIn("santacoder-fim").map(readEvaluationRow)[0] as EvaluationRow
    assert.deepInclude(exampleSpecOf(row), { _tag: "refused" })
    const [edit] = FastCheck.sample(editRow, { numRuns: 1, seed: 1 })
    if (edit === undefined) return
    const marked = { ...edit, wanted: ["<|user_cursor|>"] }
    assert.deepInclude(exampleSpecOf(marked), { _tag: "refused", reason: "marks of the form in the source" })
    assert.deepInclude(exampleSpecOf({ ...edit, moment: { ...edit.moment, file: { path: "a`b", text: "" } } }), {
      _tag: "refused"
    })
  })
})

describe("a diff of a whole file", () => {
  const lines = "b\nc\nd\n"
  it.each([
    ["in the middle", "@@ -10,3 +10,3 @@\n b\n-c\n+C\n d\n", "b\nC\nd\n"],
    ["with lines around that are not at hand", "@@ -9,5 +9,5 @@\n a\n b\n-c\n+C\n d\n e\n", "b\nC\nd\n"],
    ["of lines that are not at hand", "@@ -9,1 +9,1 @@\n-x\n+y\n", undefined],
    ["that adds lines nobody knows where", "@@ -9,0 +9,1 @@\n+y\n", undefined],
    ["that takes everything", "@@ -1,3 +0,0 @@\n-b\n-c\n-d\n", ""],
    ["that does nothing", "", lines]
  ])("%s", (_, diff, expected) => {
    const whole = diff === "" ? "" : `--- a/f\n+++ b/f\n${diff}`
    assert.strictEqual(patched(lines, whole, "f"), expected)
    assert.strictEqual(patched(lines, whole, "other"), lines)
  })

  it("is not put where its lines stand twice", () => {
    assert.isUndefined(patched("b\nc\nb\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-b\n+x\n", "f"))
  })
})

describe("Diff-XYZ", () => {
  it.prop("its diffs lead from the code before to the code after", [FastCheck.oneof(infill, editRow)], ([row]) => {
    const fields = diffXyzOf(row)
    if (fields["_tag"] === "refused" || !isFields(fields)) return
    const [old, fresh] = [fields["old_code"], fields["new_code"]].map((code) => splitLines(String(code)).lines)
    assert.deepStrictEqual(applyEdit(old ?? [], parseDiff(String(fields["udiff"]))), fresh)
    if ((old ?? []).length > 0) {
      assert.deepStrictEqual(applyBlocks(old ?? [], String(fields["search-replace"]), searchReplace), fresh)
    }
  })
})
