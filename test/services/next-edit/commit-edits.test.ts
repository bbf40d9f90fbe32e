import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { commitEdits, doneWithin } from "../../../services/next-edit/commit-edits.ts"
import { broughtNames, importsIn } from "../../../services/next-edit/import-lines.ts"

const line = FastCheck.constantFrom("import a\n", "import b\n", "x = a.one()\n", "y = b.two(c)\n", "\n", "z = 3\n")
const text = FastCheck.array(line, { maxLength: 15 }).map((lines) => lines.join(""))

describe("the edits of a commit", () => {
  it.prop(
    "end where what they wrote ends, though something above is still to come",
    [text, text],
    ([before, after]) => {
      const file = { path: "x.py", before, after, isTest: false }
      const { edits, endAfter, textAfter } = commitEdits([file])
      assert.isNull(endAfter(0))
      for (const [done, { hunk }] of edits.entries()) {
        const [now, end] = [textAfter(file, done + 1), endAfter(done + 1) ?? -1]
        const wrote = after.slice(hunk.new.start, hunk.new.end)
        assert.strictEqual(now.slice(end - wrote.length, end), wrote)
        // What was there before stands around it as it stood.
        const was = textAfter(file, done)
        assert.strictEqual(now.length - was.length, wrote.length - (hunk.old.end - hunk.old.start))
        assert.isTrue(was.startsWith(now.slice(0, end - wrote.length)) && was.endsWith(now.slice(end)))
      }
    },
    { fastCheck: { numRuns: 1000 } }
  )
})

describe("imports", () => {
  it.each([
    ["a.py", "import os\nfrom a.b import (\n", "imports"],
    ["a.py", "x = 1\n", "other"],
    ["a.py", "import os\nx = 1\n", "other"],
    ["a.py", "\n)\n", "nothing"],
    ["a.py", "\"fmt\"\n", "other"],
    ["a.ts", "import { a } from \"b\"\nexport { c } from \"d\"\n", "imports"],
    ["a.ts", "import {\n  a,\n  b as c\n} from \"d\"\n", "imports"],
    ["a.js", "const { Buffer } = require(\"node:buffer\")\n", "imports"],
    ["a.rs", "pub(crate) use std::fmt;\n", "imports"],
    ["a.php", "use Slim\\App;\n", "imports"],
    ["a.java", "import java.util.List;\n\nimport java.util.Map;\n", "imports"],
    ["a.c", "#include <stdio.h>\n", "imports"],
    ["a.go", "import (\n\t\"fmt\"\n\tyaml \"gopkg.in/yaml.v3\"\n)\n", "imports"],
    ["a.go", "use := strings.Replace(a, b)\n", "other"],
    ["a.kt", "import kotlin.math.abs\n", "imports"]
  ])("of %s: %j", (path, text, what) => assert.strictEqual(importsIn(path, text, { start: 0, end: text.length }), what))

  it.each([
    ["a.py", "from typing import (\n    Any,\n", "    IO,\n", ")\n", "imports"],
    ["a.js", "const {\n  a,\n", "  FST_ERR,\n", "} = require(\"./errors\")\n", "imports"],
    ["a.py", "call(\n    a,\n", "    b,\n", ")\n", "other"],
    ["a.ts", "export enum A {\n  One,\n", "  Two,\n", "}\n", "other"]
  ])("of %s: the names between %j, %j and %j", (path, above, own, below, what) => {
    const span = { start: above.length, end: above.length + own.length }
    assert.strictEqual(importsIn(path, above + own + below, span), what)
  })

  it.each([
    ["from a.b import c, d as e", ["c", "e"]],
    ["import os.path", ["path"]],
    ["import { A, type B as C } from \"d\"", ["A", "C"]],
    ["import React from \"react\"", ["React"]],
    ["const { Buffer } = require(\"node:buffer\")", ["Buffer"]],
    ["import java.util.List;", ["List"]],
    ["use crate::x::{Bar, Baz};", ["Bar", "Baz"]],
    ["use Slim\\App;", ["App"]],
    ["\t\"path/filepath\"", ["filepath"]],
    ["    IO,", ["IO"]],
    ["#include <stdio.h>", []]
  ])("%j brings %j", (line, names) => assert.deepStrictEqual(broughtNames(line), names))

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
