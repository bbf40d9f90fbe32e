import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { editHunks } from "../../../services/next-edit/edit-hunks.ts"
import { applyHunks } from "../../../services/text/diff.ts"

const line = FastCheck.constantFrom(
  "\n",
  "  \n",
  "}\n",
  "  }\n",
  "@Test\n",
  "// why\n",
  "def a():\n",
  "    return 1\n",
  "x = 1\n",
  "y"
)
const text = FastCheck.array(line, { maxLength: 25 }).map((lines) => lines.join(""))

/** The lines that are written, where nothing is taken away, or those that are taken away where nothing is written. */
const moved = (before: string, after: string) =>
  editHunks(before, after).map(({ new: fresh, old }) =>
    fresh.start === fresh.end ? before.slice(old.start, old.end) : after.slice(fresh.start, fresh.end)
  )

describe("the hunks of an edit", () => {
  it.prop(
    "lead from one text to the other, in order, and touch each other nowhere",
    [text, text],
    ([before, after]) => {
      const hunks = editHunks(before, after)
      assert.strictEqual(applyHunks(before, after, hunks), after)
      for (const [place, { new: fresh, old }] of hunks.entries()) {
        const [above, below] = [hunks[place - 1], hunks[place + 1]]
        assert.isTrue(old.end > old.start || fresh.end > fresh.start)
        assert.strictEqual(
          before.slice(above?.old.end ?? 0, old.start),
          after.slice(above?.new.end ?? 0, fresh.start)
        )
        if (above !== undefined) assert.isAbove(old.start, above.old.end)
        if (below === undefined) assert.strictEqual(before.slice(old.end), after.slice(fresh.end))
      }
    },
    { fastCheck: { numRuns: 2000 } }
  )

  it("begin with a function, not with the end of the one before", () => {
    const [one, two, three] = ["one", "two", "three"].map((name) => `func ${name}() {\n\treturn\n}\n`)
    assert.deepStrictEqual(moved(`${one}\n${three}`, `${one}\n${two}\n${three}`), [`${two}\n`])
    assert.deepStrictEqual(moved(`${one}\n${two}\n${three}`, `${one}\n${three}`), [`${two}\n`])
  })

  it("do not part an annotation from what it stands above", () => {
    const [one, two] = ["one", "two"].map((name) => `  @Test\n  public void ${name}() {\n  }\n`)
    assert.deepStrictEqual(moved(`class A {\n${one}}\n`, `class A {\n${one}\n${two}}\n`), [`\n${two}`])
    assert.deepStrictEqual(moved(`class A {\n${two}}\n`, `class A {\n${one}\n${two}}\n`), [`${one}\n`])
  })

  it("are one where only brackets and blank lines part them, and two where a word does", () => {
    const before = "if (a) {\n  b()\n}\n\nc()\nd()\n"
    assert.lengthOf(editHunks(before, "if (e) {\n  f()\n}\n\ng()\nd()\n"), 1)
    assert.lengthOf(editHunks(before, "if (e) {\n  b()\n}\n\ng()\nd()\n"), 2)
  })
})
