import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { chunksOf } from "../../layers/index/chunks.ts"
import { proseBlocksOf } from "../../layers/index/prose-blocks.ts"
import { shownCode } from "../../layers/index/shown-code.ts"
import { sketchOf } from "../../layers/index/sketch.ts"
import { isTestPath } from "../../layers/index/test-path.ts"
import { commentStyle } from "../../services/formats/context-style.ts"
import { type ContextRequest, Index, type SourceFile } from "../../services/Index.ts"
import { inMemoryIndex } from "../support/in-memory-index.ts"

const many = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join("\n")

/** Texts with a comment or a string of many lines, each of which says "prose". */
const longProse: Readonly<Record<string, readonly [language: string, text: string]>> = {
  "a Python docstring": [
    "python",
    `def f(x):\n    """Says prose.\n\n${
      many(40, (at) => `    Line ${at} of prose, with (brackets and # marks.`)
    }\n    """\n    return x\n\n\ndef g():\n    return 1\n`
  ],
  "a Python string with quotes in it": [
    "python",
    `TEXT = '''\n${many(40, (at) => `line ${at} of prose, it's "quoted"`)}\n'''\n\n\ndef g():\n    return TEXT\n`
  ],
  "a JavaScript comment": [
    "javascript",
    `/**\n${many(40, (at) => ` * Line ${at} of prose; don't \`stop\`.`)}\n */\nfunction f() {\n  return 1\n}\n`
  ],
  "a JavaScript template": [
    "javascript",
    `const re = /["'\`]/g\nconst text = \`\n${
      many(40, (at) => `line ${at} of prose "\${at}`)
    }\n\`\nfunction g() {\n  return text\n}\n`
  ],
  "comments on lines of their own": ["go", `package a\n\n${many(60, (at) => `// line ${at} of prose`)}\nfunc f() {}\n`],
  "a Go string": [
    "go",
    `package a\n\nvar text = \`\n${many(40, (at) => `line ${at} of prose "`)}\n\`\n\nfunc g() {}\n`
  ],
  "a PHP document": [
    "php",
    `<?php\n$text = <<<EOT\n${many(40, (at) => `line ${at} of prose it's`)}\nEOT;\n\nfunction g() {}\n`
  ],
  "a PHP string over lines": [
    "php",
    `<?php\n$text = 'a\n${many(40, (at) => `line ${at} of prose`)}';\n\nfunction g() {}\n`
  ],
  "a Java text block": [
    "java",
    `class A {\n  String t = """\n${many(40, (at) => `line ${at} of prose "`)}\n""";\n  void g() {}\n}\n`
  ],
  "a Ruby comment block": ["ruby", `=begin\n${many(40, (at) => `line ${at} of prose`)}\n=end\ndef g\nend\n`],
  "a shell document": ["bash", `cat <<'EOF'\n${many(40, (at) => `line ${at} of prose it's`)}\nEOF\ng() { :; }\n`],
  "a Rust comment": [
    "rust",
    `/*\n${many(40, (at) => `line ${at} of prose 'a`)}\n*/\nfn g<'a>(x: &'a str) -> char { '"' }\n`
  ]
}

describe("chunks", () => {
  for (const [name, [language, text]] of Object.entries(longProse)) {
    it(`none begins inside ${name}`, () => {
      const chunks = chunksOf(text, language, [])
      for (let at = 0; at < chunks.length; at += 2) {
        assert.notMatch(text.slice(chunks[at]).split("\n")[0] ?? "", /of prose/)
      }
      const [block] = proseBlocksOf(text, language)
      assert.isDefined(block)
      assert.match(text.slice(block?.start, block?.end), /line 39 of prose/i)
    })
  }

  it("none begins with a bracket that closes what came before, as far as that goes", () => {
    const text = many(60, (at) => `  call(${at}, {\n    a: ${at},\n    b: ${at}\n  })`)
    const chunks = chunksOf(text, "javascript", [])
    assert.isAbove(chunks.length, 6)
    for (let at = 0; at < chunks.length; at += 2) assert.notMatch(text.slice(chunks[at]), /^\s*[)}\]]/)
  })
})

describe("shown code", () => {
  const shown: ReadonlyArray<readonly [name: string, language: string, chunk: string, code: string]> = [
    [
      "no long docstring",
      "python",
      "    def f(x):\n        \"\"\"One.\n\n        Two.\n        Three.\n        \"\"\"\n        return x\n",
      "def f(x):\n    return x\n"
    ],
    [
      "a short docstring",
      "python",
      "def f(x):\n    \"\"\"One.\"\"\"\n    return x\n",
      "def f(x):\n    \"\"\"One.\"\"\"\n    return x\n"
    ],
    [
      "no documentation of an attribute",
      "python",
      "self.a = 1\n\"\"\"Whether.\n\nb\nc\n\"\"\"\nself.b = 2\n",
      "self.a = 1\nself.b = 2\n"
    ],
    [
      "an argument of many lines",
      "python",
      "f(\n    '''a\n    b\n    c\n    d''',\n)\n",
      "f(\n    '''a\n    b\n    c\n    d''',\n)\n"
    ],
    ["no directive", "javascript", "'use strict'\n\nvar a = f()\n", "var a = f()\n"],
    [
      "no directive inside a function",
      "javascript",
      "function f() {\n  \"use strict\";\n  return 1\n}\n",
      "function f() {\n  return 1\n}\n"
    ],
    [
      "no head of a file",
      "javascript",
      "'use strict'\nvar a = require('a')\nconst {\n  b,\n  c\n} = require('b')\nimport d from 'd'\n\nd(a)\n",
      "d(a)\n"
    ],
    [
      "no head in PHP",
      "php",
      "<?php\n\ndeclare(strict_types=1);\nnamespace A\\B;\n\nuse C\\D;\n\nclass E {}\n",
      "class E {}\n"
    ],
    [
      "no head in Python",
      "python",
      "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nfrom __future__ import annotations\nfrom a import (\n    b,\n)\n\nx = b()\n",
      "x = b()\n"
    ],
    [
      "no head in Go",
      "go",
      "//go:build linux\n\npackage a\n\nimport (\n\t\"fmt\"\n)\n\nfunc f() {}\n",
      "func f() {}\n"
    ],
    [
      "no licence",
      "go",
      "// Copyright 2014 A.\n// Licensed under B.\n// See C.\n// All rights reserved.\n\npackage a\n\nvar x = 1\n",
      "var x = 1\n"
    ],
    [
      "no imports below a comment",
      "javascript",
      "/**\n * Module dependencies.\n */\n\nvar express = require('..');\nvar path = require('node:path');\n\nvar app = express();\n",
      "var app = express();\n"
    ],
    [
      "no imports between comments",
      "python",
      "# Set up logging.\nimport logging\n\n# Ours.\nfrom . import (\n    utils,\n)\n\n# The answer.\nx = utils.f()\n",
      "# The answer.\nx = utils.f()\n"
    ],
    ["no imports for types alone", "python", "if t.TYPE_CHECKING:\n    from .app import App\n\nx = f()\n", "x = f()\n"],
    ["nothing of imports that go on", "python", "# Ours.\nfrom .a import (\n    A,\n    B,\n", ""],
    ["a comment above code", "go", "// Use adds.\nfunc Use() {}\n", "// Use adds.\nfunc Use() {}\n"],
    [
      "no licence of two lines",
      "go",
      "// Use of this source code is governed by a MIT style\n// license that can be found in the LICENSE file.\n\npackage gin\n\nimport (\n\t\"fmt\"\n)\n\nvar x = 1\n",
      "var x = 1\n"
    ],
    [
      "no licence of three lines",
      "go",
      "// Copyright 2014 A. All rights reserved.\n// Use of this source code is governed by a MIT style\n// license that can be found in the LICENSE file.\n\nvar x = 1\n",
      "var x = 1\n"
    ],
    [
      "comments on code about licences",
      "python",
      "# Licences are told by name.\n# Each has a text.\nlicences = f()\n",
      "# Licences are told by name.\n# Each has a text.\nlicences = f()\n"
    ],
    [
      "no comment on what comes behind it",
      "javascript",
      "var x = f()\n\n/**\n * Start.\n */\n",
      "var x = f()\n"
    ],
    ["a string like a comment at its end", "python", "x = '''\n# a\n'''\n", "x = '''\n# a\n'''\n"],
    ["nothing of a short comment alone", "ruby", "# A.\n# B.\n", ""],
    ["nothing of a comment alone", "java", "/**\n * A.\n * B.\n * C.\n */\n", ""]
  ]
  for (const [name, language, chunk, code] of shown) {
    it(`holds ${name}`, () => assert.strictEqual(shownCode(chunk, language), code))
  }
})

it("tests are told by their paths", () => {
  const tests =
    "tests/a.py test/a.js a/test_b.py a/b_test.go spec/a_spec.rb a/b.test.ts src/FooTest.php conftest.py a/__tests__/b.js tests/Unit/A.php"
  for (const path of tests.split(" ")) assert.isTrue(isTestPath(path), path)
  const code =
    "src/flask/testing.py src/Illuminate/Testing/Assert.php lib/latest.js src/contest.go src/attest/a.rs src/Testament.php spectrum.py"
  for (const path of code.split(" ")) assert.isFalse(isTestPath(path), path)
})

const sketches: Readonly<Record<string, readonly [language: string, text: string, declared: ReadonlyArray<string>]>> = {
  "Python, cut off in the middle": [
    "python",
    "class A(B):\n    x: int = 1\n\n    def f(\n        self, a\n    ) -> int:\n        def inner(): pass\n        self.y = 2\n        foo(\n\n    def g(self):\n        pass\n",
    ["A", "A.x", "A.f", "A.g", "A.y"]
  ],
  Go: ["go", "type A struct {\n\tB\n\tx *C\n}\n\nfunc (a *A) F() error {\n\tif x {\n\n}\n\nfunc G(\n", [
    "A",
    "A.B",
    "A.x",
    "A.F",
    "G"
  ]],
  Rust: [
    "rust",
    "impl<T> Foo for Bar<T> {\n    fn f(&self) -> u8 {\n        fn inner() {}\n    }\n}\npub struct Bar {\n    x: u8,\n}\n",
    ["Bar", "Bar.f", "Bar", "Bar.x"]
  ],
  JavaScript: [
    "javascript",
    "app.use = function use(fn) {\n  var x = 1\n}\nA.prototype.go = function () {}\nclass B {\n  run(x) {\n    if (x) {}\n  }\n}\n",
    ["app.use", "A.go", "B", "B.run"]
  ],
  PHP: [
    "php",
    "<?php\nclass A\n{\n    // function no() {}\n    protected ?B $b;\n\n    public function f(): string\n    {\n        return 'function no() {}';\n",
    ["A", "A.b", "A.f"]
  ],
  Java: [
    "java",
    "public class A<T> extends B {\n  private final C c;\n\n  @Override\n  public D<T> f(int x) {\n    return g(x);\n  }\n}\n",
    ["A", "A.c", "A.f"]
  ]
}

describe("a sketch names what a text declares, whether it parses or not", () => {
  for (const [name, [language, text, declared]] of Object.entries(sketches)) {
    it(name, () => {
      const named = sketchOf(language, text).map(({ name, owner }) => (owner === "" ? name : `${owner}.${name}`))
      assert.deepStrictEqual(named, declared)
    })
  }
})

const asked = (path: string, prefix: string, suffix = "", more: Partial<ContextRequest> = {}): ContextRequest => ({
  path,
  aliases: [],
  prefix,
  suffix,
  budget: 4096,
  holds: 4096,
  sources: ["signatures", "chunks"],
  style: commentStyle("#"),
  ...more
})

const indexOf = Effect.fnUntraced(function*(files: Readonly<Record<string, string>>) {
  const index = yield* (yield* Index).make({ weighting: "lucene" })
  yield* index.add(Object.entries(files).map(([path, text]): SourceFile => ({ path, text })))
  return index
})

const prices = (name: string) =>
  `def ${name}(order, rate=0.2):\n    total = order.amount * (1 + rate)\n    return round_price(total, 2)\n\n\ndef other_${name}(order):\n    total = order.amount\n    return round_price(total, 3)\n`

describe("a context", () => {
  it.effect("shows tests in tests, and elsewhere only where there is nothing else", () =>
    Effect.gen(function*() {
      const prefix = "def price(order):\n    total = order.amount\n    return round_price("
      const both = yield* indexOf({ "shop/a.py": prices("net"), "tests/test_a.py": prices("checked") })
      assert.notInclude(both.context(asked("shop/b.py", prefix)).text, "checked")
      assert.include(both.context(asked("shop/b.py", prefix)).text, "net")
      assert.include(both.context(asked("tests/test_b.py", prefix)).text, "checked")
      const alone = yield* indexOf({ "tests/test_a.py": prices("checked") })
      assert.include(alone.context(asked("shop/b.py", prefix)).text, "checked")
    }).pipe(Effect.provide(inMemoryIndex)))

  it.effect("names every file by its path, and says no signature again above its body", () =>
    Effect.gen(function*() {
      const index = yield* indexOf({ "a/x.py": prices("net"), "b/x.py": prices("gross"), "c/only.py": prices("sum") })
      const { text } = index.context(
        asked("d.py", "def price(order):\n    total = order.amount\n    net(order)\n    return ")
      )
      const headers = text.split("\n").filter((line) => line.startsWith("# --- "))
      assert.isAtLeast(headers.length, 2)
      for (const header of headers) assert.match(header, /^# --- [abc]\/\w+\.py ---$/)
      for (const name of ["net", "other_net", "gross", "sum"]) {
        assert.isAtMost(text.split(`def ${name}(`).length - 1, 1, text)
      }
      assert.include(text, "return round_price(total, 2)")
    }).pipe(Effect.provide(inMemoryIndex)))

  const body = (name: string) =>
    `    def ${name}(self, value):\n${
      many(12, (at) => `        value = value + ${at}  # step ${at}`)
    }\n        return value\n\n`
  const long = `class Till:\n${many(30, (at) => body(`step_${at}`))}`

  it.effect("outlines what the prompt does not hold of the file itself, and nothing else of it", () =>
    Effect.gen(function*() {
      const index = yield* indexOf({ "shop/a.py": prices("net"), "shop/till.py": long })
      const at = long.indexOf("        value = value + 6", long.indexOf("def step_15"))
      const [prefix, suffix] = [long.slice(0, at), long.slice(at)]
      const { snippets, text } = index.context(asked("shop/till.py", prefix, suffix))
      const outlined = snippets.filter(({ path }) => path === "shop/till.py")
      assert.isAtLeast(outlined.length, 5)
      assert.strictEqual(outlined[0]?.text, "class Till:\n")
      assert.isTrue(outlined.slice(1).every((one) => /^ {2}def step_\d+\(self, value\):\n$/.test(one.text)))
      // What a prompt of that size shows is not said twice.
      for (const near of ["step_14(", "step_15(", "step_16("]) assert.notInclude(text, near)
      assert.isAtMost(text.length, 4096)
      const whole = index.context(asked("shop/till.py", prefix, suffix, { holds: long.length }))
      assert.isTrue(whole.snippets.every(({ path }) => path !== "shop/till.py"))
      const chunks = index.context(asked("shop/till.py", prefix, suffix, { sources: ["chunks"] }))
      assert.isTrue(chunks.snippets.every(({ path }) => path !== "shop/till.py"))
    }).pipe(Effect.provide(inMemoryIndex)))

  it.effect("outlines the receiver's own members first, nearest to the cursor", () =>
    Effect.gen(function*() {
      const index = yield* indexOf({ "shop/a.py": prices("net") })
      const prefix = `${long}${
        many(300, (at) => `def free_${at}(x):\n    return x + ${at}\n\n`)
      }def last(till: Till):\n    till.`
      const { snippets } = index.context(asked("shop/till.py", prefix))
      const outlined = snippets.filter(({ path }) => path === "shop/till.py")
      assert.isAtLeast(outlined.filter(({ text }) => text.startsWith("  def step_")).length, 30)
      assert.strictEqual(snippets.at(-1)?.path, "shop/till.py")
    }).pipe(Effect.provide(inMemoryIndex)))
})
