import { assert, describe, it } from "@effect/vitest"
import { commitEdits, doneWithin } from "../../../services/next-edit/commit-edits.ts"
import { areImports } from "../../../services/next-edit/import-lines.ts"

describe("imports", () => {
  it.each([
    ["a.py", "import os\nfrom a.b import (\n", true],
    ["a.py", "x = 1\n", false],
    ["a.py", "import os\nx = 1\n", false],
    ["a.py", "\n", false],
    ["a.ts", "import { a } from \"b\"\nexport { c } from \"d\"\n", true],
    ["a.js", "const { Buffer } = require(\"node:buffer\")\n", true],
    ["a.rs", "pub(crate) use std::fmt;\n", true],
    ["a.php", "use Slim\\App;\n", true],
    ["a.java", "import java.util.List;\n\nimport java.util.Map;\n", true],
    ["a.c", "#include <stdio.h>\n", true],
    ["a.go", "import (\n\t\"fmt\"\n\tyaml \"gopkg.in/yaml.v3\"\n)\n", true],
    ["a.py", "\"fmt\"\n", false]
  ])("of %s: %j", (path, text, isOne) => assert.strictEqual(areImports(path, text), isOne))

  it("come behind what needs them, and every state leads on to the next", () => {
    const before = "import a\n\n\ndef f():\n    return a.one()\n\n\ndef g():\n    return 2\n"
    const after = "import a\nimport b\n\n\ndef f():\n    return b.two()\n\n\ndef g():\n    return b.three()\n"
    const file = { path: "x.py", before, after, isTest: false }
    const { edits, nextAfter, openAfter, textAfter } = commitEdits([file])
    assert.deepStrictEqual(
      edits.map(({ hunk }) => after.slice(hunk.new.start, hunk.new.end)),
      ["    return b.two()\n", "    return b.three()\n", "import b\n"]
    )
    for (const done of edits.keys()) {
      const text = textAfter(file, done)
      const next = nextAfter(file, done)
      if (next === undefined) return assert.fail("no next edit")
      const { new: fresh, old } = next
      const following = text.slice(0, old.start) + after.slice(fresh.start, fresh.end) + text.slice(old.end)
      assert.strictEqual(following, textAfter(file, done + 1))
      const all = doneWithin(text, after, openAfter(file, done), { start: 0, end: text.length })
      assert.strictEqual(all.text, after)
    }
  })
})

it("says how far the next hunk outside of a span is", () => {
  const text = "a\nb\nc\nd\ne\nf\n"
  const hunks = commitEdits([{ path: "x", before: text, after: "A\nb\nc\nd\ne\nF\n", isTest: false }])
    .edits.map(({ hunk }) => hunk)
  const linesFrom = (from: string, to: string) =>
    doneWithin(text, "A\nb\nc\nd\ne\nF\n", hunks, { start: text.indexOf(from), end: text.indexOf(to) + 1 }).linesToNext
  assert.deepStrictEqual([linesFrom("c", "c"), linesFrom("d", "d"), linesFrom("c", "d")], [1, 1, 1])
  assert.strictEqual(linesFrom("e", "e"), 0)
  assert.strictEqual(linesFrom("a", "f"), Number.POSITIVE_INFINITY)
})
