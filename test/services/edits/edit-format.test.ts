import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { applyRendered, editFormats, renderEdit, replayPath } from "../../../services/edits/edit-format.ts"
import { applyEdit, DoesNotApply, editBetween, insertion } from "../../../services/edits/line-edit.ts"
import { emptyText, joinLines, type LineText, splitLines } from "../../../services/text/lines.ts"
import { parseDiff } from "../../../services/edits/unified-diff.ts"
import { withTools } from "../../support/with-tools.ts"

/** Lines that repeat, are blank, or look like a part of some format. */
const line = FastCheck.constantFrom(
  "a",
  "b",
  "",
  " ",
  "\t\r",
  "+x",
  "-x",
  "--- a/x",
  "+++ b/x",
  "@@ -1 +1 @@",
  "\\ No newline",
  "=======",
  "<<<<<<< SEARCH",
  ">>>>>>> REPLACE",
  "<<<<<<< ORIGINAL",
  "========",
  ">>>>>>> UPDATED",
  "é💩\ud800"
)
const text = FastCheck.tuple(FastCheck.array(line, { maxLength: 12 }), FastCheck.boolean()).map(([lines, isOpen]) =>
  splitLines(lines.length === 0 ? "" : lines.join("\n") + (isOpen ? "" : "\n"))
)

describe("edits of lines", () => {
  it.prop("a text is split and joined without loss", { source: FastCheck.string({ maxLength: 40 }) }, ({ source }) => {
    assert.strictEqual(joinLines(splitLines(source)), source)
  })

  it.prop("the edit between two texts turns one into the other", { before: text, after: text }, ({ after, before }) => {
    assert.deepStrictEqual(applyEdit(before.lines, editBetween(before, after)), after.lines)
  })

  it.prop(
    "what is rendered applies to the same lines, in every format",
    { before: text, after: text },
    ({ after, before }) => {
      const edit = editBetween(before, after)
      for (const format of editFormats) {
        const rendered = renderEdit(format, { before, after, edit }, "dir/x.py")
        assert.deepStrictEqual(applyRendered(format, before.lines, rendered), after.lines, format)
      }
    }
  )

  it.prop(
    "an insertion adds the lines it was given, and only those",
    { lines: FastCheck.array(line, { maxLength: 14 }), seed: FastCheck.array(FastCheck.nat(2), { minLength: 14 }) },
    ({ lines, seed }) => {
      const kept = lines.flatMap((_, at) => (seed[at] === 0 ? [at] : []))
      const added = lines.flatMap((_, at) => (seed[at] === 1 ? [at] : []))
      const both = lines.flatMap((_, at) => (seed[at] === 2 ? [] : [at]))
      const edit = insertion(lines, kept, added)
      const result = applyEdit(kept.map((at) => lines[at] ?? ""), edit)
      assert.deepStrictEqual(result, both.map((at) => lines[at] ?? ""))
      assert.isTrue(edit.every(({ removed }) => removed.length === 0))
    }
  )

  it("hunks read as Python's difflib writes them", () => {
    const before = splitLines("a\nb\nc\nd\n")
    const after = splitLines("x\na\nc\nc\nd\ne\nf\n")
    const edit = editBetween(before, after)
    assert.strictEqual(
      renderEdit("udiff", { before, after, edit }, ""),
      "@@ -0,0 +1 @@\n+x\n@@ -2 +3 @@\n-b\n+c\n@@ -4,0 +6,2 @@\n+e\n+f"
    )
    assert.strictEqual(
      renderEdit("udiff-3", { before, after, edit }, ""),
      "@@ -1,4 +1,7 @@\n+x\n a\n-b\n+c\n c\n d\n+e\n+f"
    )
    assert.strictEqual(
      renderEdit("ops", { before, after, edit }, ""),
      "[{\"line\":1,\"delete\":0,\"insert\":[\"x\"]},{\"line\":2,\"delete\":1,\"insert\":[\"c\"]}," +
        "{\"line\":5,\"delete\":0,\"insert\":[\"e\",\"f\"]}]"
    )
  })

  it("an insertion takes along a line that stands only once", () => {
    const before = splitLines("x\nsame\ny\nsame\nz\n")
    const after = splitLines("x\nsame\ny\nsame\nnew\nz\n")
    const rendered = renderEdit("search-replace", { before, after, edit: editBetween(before, after) }, "")
    assert.strictEqual(rendered, "<<<<<<< SEARCH\nz\n=======\nnew\nz\n>>>>>>> REPLACE")
  })

  it("a block of old text that stands twice, or nowhere, is refused", () => {
    const block = (old: string) => `<<<<<<< SEARCH\n${old}\n=======\nnew\n>>>>>>> REPLACE`
    assert.throws(() => applyRendered("search-replace", ["a", "a"], block("a")), DoesNotApply, "twice")
    assert.throws(() => applyRendered("search-replace", ["a"], block("b")), DoesNotApply, "not there")
    assert.throws(() => parseDiff("@@ -1 +1 @@\n-a"), DoesNotApply, "shorter")
    assert.throws(() => parseDiff("what"), DoesNotApply, "not the header of a hunk")
    assert.throws(() => applyRendered("ops", [], "{}"), DoesNotApply, "JSON")
    assert.throws(() => applyRendered("udiff", ["a"], "@@ -1 +0,0 @@\n-b"), DoesNotApply, "not what is removed")
  })
})

describe("patches", () => {
  const apply = (tool: "patch" | "git", steps: ReadonlyArray<LineText>): string => {
    const folder = mkdtempSync(join(tmpdir(), "retrace-patch-"))
    try {
      if (tool === "git") execFileSync("git", ["init", "-q", folder])
      let before: LineText = emptyText
      for (const after of steps) {
        const edit = editBetween(before, after)
        const input = renderEdit("patch", { before, after, edit }, "dir/x.py")
        if (edit.length > 0) {
          const command = tool === "patch"
            ? ["patch", "--binary", "-s", "-p1", "-d", folder]
            : ["git", "-C", folder, "apply", "--unidiff-zero", "--whitespace=nowarn", "-"]
          execFileSync(command[0] ?? "", command.slice(1), { input })
        }
        before = after
      }
      const path = join(folder, "dir/x.py")
      return existsSync(path) ? readFileSync(path, "utf8") : ""
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  const source = splitLines("import os\r\n\n\ndef f():\n\treturn os\n\f\n# é💩\nlast = 1")
  const grown = [[3, 4], [3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7]].map((kept): LineText => ({
    lines: kept.map((at) => source.lines[at] ?? ""),
    isOpen: kept.includes(7)
  }))

  for (const tool of ["patch", "git"] as const) {
    withTools(tool).it(
      `are what ${tool === "patch" ? "GNU patch" : "git apply"} reads, byte for byte`,
      () => {
        assert.strictEqual(apply(tool, grown), joinLines(source))
        // A last line that loses and gains its end again, and a deletion.
        const steps = ["a\nb", "a\nb\nc\n", "b\nc", "b\n"].map(splitLines)
        assert.strictEqual(apply(tool, steps), "b\n")
      }
    )
  }

  it("a path replays in every format", () => {
    for (const format of editFormats) {
      let before: LineText = emptyText
      const path = grown.map((after) => {
        const rendered = renderEdit(format, { before, after, edit: editBetween(before, after) }, "x.py")
        before = after
        return rendered
      })
      assert.deepStrictEqual(replayPath(format, path), source.lines)
    }
  })
})
