import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TreeSitterParser from "../../../layers/parser/TreeSitterParser.ts"
import { isName } from "../../../services/cuts/node-roles.ts"
import { Parser } from "../../../services/Parser.ts"
import { randomOf } from "../../../services/text/random.ts"
import { mutations } from "../../../tasks/generate/mutations.ts"
import { modulesOf, roleOf } from "../../../tasks/generate/mutations/roles.ts"
import type { Scene } from "../../../tasks/generate/mutations/scene.ts"
import { wholeFileParser } from "../../../tasks/generate/judge.ts"
import { makeNegative } from "../../../tasks/generate/negatives.ts"
import { sources } from "../../support/sources.ts"

/** What stands between the brackets is the middle; without them it is all. */
const sceneOf = Effect.fnUntraced(function*(language: string, marked: string) {
  const text = marked.replace(/[⟦⟧]/g, "")
  const start = Math.max(0, marked.indexOf("⟦"))
  const end = marked.includes("⟧") ? marked.indexOf("⟧") - 1 : text.length
  const { errorsIn, parse } = yield* (yield* Parser).open(language)
  const tree = parse(text)
  const nodes = tree.nodes({ start: 0, end: text.length })
  const scene: Scene = { text, language, middle: { start, end }, nodes, hasGrammar: true, others: [] }
  return { scene, tree, parser: wholeFileParser({ errorsIn }, tree) }
})

/** All that a family proposes for a scene, whatever the draws. */
const proposalsOf = (family: string, scene: Scene): ReadonlyArray<string> => {
  const found = new Set<string>()
  for (let draw = 0; draw < 60; draw++) {
    const proposal = mutations.get(family)?.propose(scene, randomOf(family, draw))
    if (proposal !== undefined) found.add(proposal)
  }
  return [...found].sort()
}

describe("a condition turned round is written as the language writes it", () => {
  const header = (before: string, after: string) => (condition: string) => `${before}⟦${condition}⟧${after}`
  const inGo = header("package a\nfunc f() {\n\tif ", " {\n\t\tg()\n\t}\n}\n")
  const inPython = header("if ", ":\n    f()\n")
  const inJavascript = header("if (", ") f()\n")
  const inPhp = header("<?php\nif (", ") { f(); }\n")
  const inRust = header("fn f() { if ", " { g() } }\n")
  const inC = header("int f() { if (", ") { g(); } }\n")
  const inJava = header("class A { void f() { if (", ") { g(); } } }\n")
  const inCSharp = header("class A { void F() { if (", ") { G(); } } }\n")
  const inRuby = header("if ", "\n  f\nelse\n  g\nend\n")
  const inBash = header("if ", "; then f; fi\n")
  it.effect.each<readonly [string, (condition: string) => string, string, ReadonlyArray<string>]>([
    ["go", inGo, "err != nil", ["err == nil"]],
    ["go", inGo, "ok", ["!ok"]],
    ["go", inGo, "!ok", ["ok"]],
    ["go", inGo, "a < b", ["a >= b"]],
    ["go", inGo, "len(a) > 0", ["len(a) <= 0"]],
    ["go", inGo, "ok && v != nil", ["!ok && v != nil", "ok && v == nil"]],
    ["go", inGo, "!(a && b)", ["a && b"]],
    ["go", inGo, "strings.HasPrefix(a, b)", ["!strings.HasPrefix(a, b)"]],
    ["python", inPython, "x is None", ["x is not None"]],
    ["python", inPython, "x is not None", ["x is None"]],
    ["python", inPython, "x in y", ["x not in y"]],
    ["python", inPython, "x not in y", ["x in y"]],
    ["python", inPython, "not x", ["x"]],
    ["python", inPython, "not (a or b)", ["a or b"]],
    ["python", inPython, "isinstance(x, str)", ["not isinstance(x, str)"]],
    ["python", inPython, "a >= b", ["a < b"]],
    ["python", inPython, "a < b < c", ["not a < b < c"]],
    ["python", inPython, "a and b.c", ["a and not b.c", "not a and b.c"]],
    ["python", inPython, "(m := f())", ["(not (m := f()))"]],
    ["python", inPython, "True", ["False"]],
    ["javascript", inJavascript, "a === b", ["a !== b"]],
    ["javascript", inJavascript, "a != null", ["a == null"]],
    ["javascript", inJavascript, "!a", ["a"]],
    ["javascript", inJavascript, "a.b(c)", ["!a.b(c)"]],
    ["javascript", inJavascript, "a instanceof B", ["!(a instanceof B)"]],
    ["javascript", inJavascript, "a in b", ["!(a in b)"]],
    ["javascript", inJavascript, "a || b === c", ["!a || b === c", "a || b !== c"]],
    ["typescript", inJavascript, "typeof a === \"string\"", ["typeof a !== \"string\""]],
    ["php", inPhp, "$a === null", ["$a !== null"]],
    ["php", inPhp, "$a", ["!$a"]],
    ["php", inPhp, "! $a", ["$a"]],
    ["php", inPhp, "$a instanceof B", ["!$a instanceof B"]],
    ["rust", inRust, "a.is_some()", ["a.is_none()"]],
    ["rust", inRust, "a.is_err()", ["a.is_ok()"]],
    ["rust", inRust, "a == b", ["a != b"]],
    ["rust", inRust, "let Some(a) = b", []],
    ["c", inC, "p != NULL", ["p == NULL"]],
    ["c", inC, "p", ["!p"]],
    ["c", inC, "a & b", ["!(a & b)"]],
    ["cpp", inC, "a <= b", ["a > b"]],
    ["java", inJava, "a.isEmpty()", ["!a.isEmpty()"]],
    ["java", inJava, "a instanceof B", ["!(a instanceof B)"]],
    ["c-sharp", inCSharp, "a is null", ["a is not null"]],
    ["c-sharp", inCSharp, "a == b", ["a != b"]],
    ["ruby", inRuby, "a == b", ["a != b"]],
    ["ruby", inRuby, "a.any?", ["a.none?"]],
    ["ruby", inRuby, "a", ["!a"]],
    ["bash", inBash, "[ \"$a\" -eq 1 ]", ["[ \"$a\" -ne 1 ]"]],
    ["bash", inBash, "[ -z \"$a\" ]", ["[ -n \"$a\" ]"]],
    ["bash", inBash, "[ -f \"$a\" ]", ["[ ! -f \"$a\" ]"]],
    ["bash", inBash, "[[ $a == b ]]", ["[[ $a != b ]]"]],
    ["bash", inBash, "! f", ["f"]]
  ])("%s", ([language, header, condition, wanted]) =>
    Effect.gen(function*() {
      const { scene, tree } = yield* sceneOf(language, header(condition))
      assert.deepStrictEqual(proposalsOf("condition", scene), [...wanted].sort(), condition)
      for (const proposal of wanted) assert.isTrue(tree.parsesAsWellWith(scene.middle, proposal), proposal)
      tree.release()
    }).pipe(Effect.provide(TreeSitterParser.layer)))

  it.effect.each<readonly [string, string, ReadonlyArray<string>]>([
    ["javascript", "⟦for (let i = 0; i < n; i++) f()⟧", []],
    ["go", "package a\nfunc f() {\n\t⟦for i := 0; i < n; i++ {\n\t}⟧\n}\n", []],
    ["php", "<?php ⟦$a = $b ?: '*';⟧", []],
    ["php", "<?php\nif (! $z) {}\n⟦$a = $b ? 1 : 2;⟧", ["$a = ! $b ? 1 : 2;"]],
    ["python", "⟦x = a if b else c⟧", ["x = a if not b else c"]],
    ["javascript", "⟦x = a ? b : c⟧", ["x = !a ? b : c"]],
    ["ruby", "⟦f if a⟧\n", ["f unless a"]],
    ["ruby", "⟦f unless a.b?⟧\n", ["f if a.b?"]],
    ["javascript", "⟦while (a !== b) f()⟧", ["while (a === b) f()"]]
  ])("%s, and not where nobody would", ([language, marked, wanted]) =>
    Effect.gen(function*() {
      const { scene, tree } = yield* sceneOf(language, marked)
      assert.deepStrictEqual(proposalsOf("condition", scene), wanted)
      tree.release()
    }).pipe(Effect.provide(TreeSitterParser.layer)))
})

it.effect("a condition of which a part lies beyond the nodes is left as it is", () =>
  Effect.gen(function*() {
    const text = "package a\nfunc f() {\n\tif flag.Annotations == nil {\n\t\tg()\n\t}\n}\n"
    const tree = (yield* (yield* Parser).open("go")).parse(text)
    const nodes = tree.nodes({ start: 0, end: text.indexOf("nil") - 3 })
    const scene: Scene = {
      text,
      language: "go",
      middle: { start: text.indexOf("if"), end: text.length - 3 },
      nodes,
      hasGrammar: true,
      others: []
    }
    assert.deepStrictEqual(proposalsOf("condition", scene), [])
    tree.release()
  }).pipe(Effect.provide(TreeSitterParser.layer)))

describe("names", () => {
  it.effect.each<readonly [string, string, string, string]>([
    ["python", "⟦f⟧(a)", "f", "call"],
    ["python", "a.⟦f⟧(b)", "f", "method"],
    ["python", "a.⟦f⟧", "f", "attribute"],
    ["python", "f(⟦a⟧=1)", "a", "keyword"],
    ["python", "f(a=⟦b⟧)", "b", "variable"],
    ["python", "x: ⟦T⟧ = 1", "T", "type"],
    ["python", "def f(a: List[⟦T⟧]): pass", "T", "type"],
    ["python", "class A(⟦B⟧): pass", "B", "type"],
    ["python", "def f(⟦a⟧): pass", "a", "parameter"],
    ["python", "def f(⟦a⟧: int = 1): pass", "a", "parameter"],
    ["python", "def ⟦f⟧(a): pass", "f", "definition"],
    ["python", "from a import ⟦b⟧", "b", "imported name"],
    ["python", "from ⟦a⟧ import b", "a", "imported module"],
    ["python", "from .⟦a⟧.c import b", "a", "imported module"],
    ["python", "from .. import ⟦a⟧", "a", "imported name"],
    ["python", "from __future__ import ⟦annotations⟧", "annotations", "other"],
    ["php", "<?php class A { use ⟦B⟧; }", "B", "type"],
    ["java", "class A { void f() { g(⟦com⟧.a.B.c()); } }", "com", "other"],
    ["java", "module ⟦com⟧.a.b {}", "com", "other"],
    ["rust", "#[cfg_attr(⟦miri⟧, ignore)]\nfn f() {}", "miri", "other"],
    ["rust", "#![⟦warn⟧(unused)]", "warn", "other"],
    ["rust", "fn f() { a = ⟦std⟧::mem::take(b); }", "std", "other"],
    ["rust", "fn f() { a = ⟦Bytes⟧::from(b); }", "Bytes", "type"],
    ["python", "isinstance(a, ⟦str⟧)", "str", "type"],
    ["python", "⟦str⟧(a)", "str", "call"],
    ["rust", "fn f() { ready!(crate::⟦a⟧::b()); }", "a", "other"],
    ["rust", "fn f() { assert!(a.⟦b⟧); }", "b", "attribute"],
    ["rust", "fn f() { assert!(a.⟦b⟧()); }", "b", "method"],
    ["rust", "fn f() { assert!(⟦a⟧.b()); }", "a", "variable"],
    ["rust", "fn f() { assert!(⟦a⟧(1)); }", "a", "call"],
    ["typescript", "declare function ⟦f⟧(a: B): void", "f", "definition"],
    ["python", "import os\n⟦os⟧.getcwd()", "os", "module"],
    ["python", "import typing as t\nx: ⟦t⟧.Any = 1", "t", "module"],
    ["javascript", "⟦f⟧(a)", "f", "call"],
    ["javascript", "a.⟦f⟧(b)", "f", "method"],
    ["javascript", "a.⟦b⟧ = c", "b", "attribute"],
    ["javascript", "x = { ⟦a⟧: 1 }", "a", "key"],
    ["javascript", "x = new ⟦A⟧()", "A", "type"],
    ["javascript", "const a = require('b')\n⟦a⟧.c()", "a", "module"],
    ["javascript", "import { ⟦a⟧ } from 'b'", "a", "imported name"],
    ["typescript", "let x: ⟦T⟧", "T", "type"],
    ["go", "package a\nfunc f(b ⟦T⟧) {}", "T", "type"],
    ["go", "package a\nfunc f(⟦b⟧ T) {}", "b", "parameter"],
    ["go", "package a\nimport \"fmt\"\nfunc f() { ⟦fmt⟧.Println() }", "fmt", "module"],
    ["go", "package a\nfunc f() { b.⟦C⟧(d) }", "C", "method"],
    ["go", "package a\nfunc f() { ⟦c⟧(d) }", "c", "call"],
    ["go", "package a\nvar x = T{⟦A⟧: 1}", "A", "key"],
    ["go", "package a\nvar x = b.⟦C⟧", "C", "attribute"],
    ["java", "class A { void f() { ⟦g⟧(a); } }", "g", "call"],
    ["java", "class A { void f() { a.⟦g⟧(b); } }", "g", "method"],
    ["java", "class A { ⟦B⟧ b; }", "B", "type"],
    ["php", "<?php $⟦a⟧ = 1;", "a", "variable"],
    ["php", "<?php $a->⟦f⟧();", "f", "method"],
    ["php", "<?php $a->⟦b⟧;", "b", "attribute"],
    ["php", "<?php ⟦f⟧();", "f", "call"],
    ["php", "<?php new ⟦A⟧();", "A", "type"],
    ["php", "<?php function f(⟦A⟧ $b) {}", "A", "type"],
    ["php", "<?php function f(A $⟦b⟧) {}", "b", "parameter"],
    ["php", "<?php f(⟦a⟧: 1);", "a", "keyword"],
    ["php", "<?php use A\\⟦B⟧;", "B", "imported name"],
    ["php", "<?php use ⟦A⟧\\B;", "A", "imported module"],
    ["rust", "fn f() { a.⟦g⟧(b) }", "g", "method"],
    ["rust", "fn f() { ⟦g⟧(b) }", "g", "call"],
    ["rust", "fn f() { S { ⟦a⟧: 1 } }", "a", "key"],
    ["rust", "fn f(⟦a⟧: T) {}", "a", "parameter"],
    ["c", "int f() { ⟦g⟧(a); }", "g", "call"],
    ["c", "int f() { p->⟦a⟧ = 1; }", "a", "attribute"],
    ["cpp", "int f(⟦T⟧ a) {}", "T", "type"],
    ["c-sharp", "class A { void F() { b.⟦G⟧(c); } }", "G", "method"],
    ["c-sharp", "class A { void F() { G(⟦a⟧: 1); } }", "a", "keyword"],
    ["ruby", "a.⟦f⟧(b)", "f", "method"]
  ])("%s", ([language, marked, name, role]) =>
    Effect.gen(function*() {
      const { scene, tree } = yield* sceneOf(language, marked)
      const { nodes } = scene
      const row = Array.from({ length: nodes.count }, (_, index) => index).findLast((index) =>
        nodes.start[index] === scene.middle.start && nodes.end[index] === scene.middle.end &&
        isName(nodes.type[index] ?? "")
      )
      assert.isDefined(row, marked)
      assert.strictEqual(scene.text.slice(scene.middle.start, scene.middle.end), name)
      assert.strictEqual(roleOf(scene, row ?? 0, modulesOf(scene)), role, marked)
      tree.release()
    }).pipe(Effect.provide(TreeSitterParser.layer)))

  it.effect("are swapped for names of their role, and first for those of their type, arity or owner", () =>
    Effect.gen(function*() {
      const go = "package a\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\n" +
        "func f(name string, title string, count int) {\n\tfmt.Println(name)\n\tfmt.Printf(title, count)\n" +
        "\tfmt.Print(title)\n\tos.Exit(1)\n\tg(name)\n\th(title)\n\tk(name, count)\n\t⟦MIDDLE⟧\n}\n"
      const python = "import os\nimport sys\n\n\ndef f(alpha, beta):\n    run(alpha, key=1)\n    run(beta, limit=2)\n" +
        "    walk(alpha)\n    alpha.start(1)\n    alpha.stop(2)\n    beta.join()\n    ⟦MIDDLE⟧\n"
      const cases: ReadonlyArray<readonly [string, string, string, ReadonlyArray<string>]> = [
        ["go", go, "fmt.Println(\"x\")", ["fmt.Print(\"x\")", "os.Println(\"x\")"]],
        ["go", go, "g(\"x\")", ["h(\"x\")"]],
        ["go", go, "x[0] = name", ["x[0] = title", "x[0] = x", "name[0] = name", "title[0] = name", "count[0] = name"]],
        ["python", python, "run(1, key=2)", ["run(1, limit=2)", "walk(1, key=2)"]],
        ["python", python, "os.getcwd()", ["sys.getcwd()"]],
        ["python", python, "alpha.start(3)", ["alpha.stop(3)", "beta.start(3)"]]
      ]
      for (const [language, text, middle, wanted] of cases) {
        const { scene, tree } = yield* sceneOf(language, text.replace("MIDDLE", middle))
        const proposals = proposalsOf("identifier", scene)
        for (const proposal of proposals) assert.include([...wanted, "f(1, key=2)"], proposal, middle)
        assert.isAbove(proposals.length, 0, middle)
        tree.release()
      }
    }).pipe(Effect.provide(TreeSitterParser.layer)))

  it.effect("keep their role in every language", () =>
    Effect.gen(function*() {
      for (const [language, text] of Object.entries(sources)) {
        const { scene, tree } = yield* sceneOf(language, text)
        const modules = modulesOf(scene)
        const roles = new Map<string, Set<string>>()
        for (let row = 0; row < scene.nodes.count; row++) {
          if (scene.nodes.isLeaf[row] === 0 || !isName(scene.nodes.type[row] ?? "")) continue
          const name = text.slice(scene.nodes.start[row], scene.nodes.end[row])
          roles.set(name, (roles.get(name) ?? new Set()).add(roleOf(scene, row, modules)))
        }
        let count = 0
        for (const proposal of proposalsOf("identifier", scene)) {
          const [old, other] = changedWords(text, proposal)
          const shared = [...roles.get(old) ?? []].filter((role) => roles.get(other)?.has(role))
          assert.isAbove(shared.length, 0, `${language}: ${old} for ${other} in ${proposal}`)
          count++
        }
        assert.isAbove(count, 0, language)
        tree.release()
      }
    }).pipe(Effect.provide(TreeSitterParser.layer)))
})

/** The one word in which two texts differ, in each of them. */
const changedWords = (a: string, b: string): readonly [string, string] => {
  const words = (text: string) => text.match(/@?[\p{L}_][\p{L}\p{N}_]*/gu) ?? []
  const index = words(a).findIndex((word, at) => word !== words(b)[at])
  return [words(a)[index] ?? "", words(b)[index] ?? ""]
}

describe("proposals that nobody would call wrong, or nobody would make, are not made", () => {
  it.effect.each<readonly [string, string, string, ReadonlyArray<string>]>([
    ["operator", "python", "⟦def f(a: int | None): pass⟧", []],
    ["operator", "php", "<?php ⟦function f(A|B $c) {}⟧", []],
    ["operator", "go", "package a\nvar a = ⟦-b⟧", []],
    ["operator", "c", "⟦int *p;⟧", []],
    ["operator", "python", "⟦a is None⟧", ["a is not None"]],
    ["operator", "python", "⟦f(*a)⟧", []],
    ["arguments", "javascript", "⟦require('a')⟧", []],
    ["arguments", "python", "⟦f(a=1, b=2)⟧", ["f(a=1)", "f(b=2)"]],
    ["statements", "python", "⟦import a\nimport b⟧", ["import a", "import b"]],
    ["statements", "python", "def f():\n    ⟦return 1⟧\n", []],
    ["statements", "python", "⟦a = b⟧\n", []],
    ["statements", "python", "⟦f(a)⟧\n", ["f(a)\nf(a)"]],
    ["statements", "python", "⟦a = 1\nb = 2⟧\n", ["a = 1", "b = 2"]],
    ["statements", "python", "⟦a = 1\nb = a⟧\n", ["a = 1", "b = a", "b = a\na = 1"]],
    ["literal", "javascript", "f('a/b', 'c d', 'e/f')\nx = ⟦'g/h'⟧", ["'a/b'", "'e/f'"]],
    ["literal", "c", "int a = ⟦0x1F⟧;", []],
    ["literal", "python", "x = ⟦1.50⟧", ["0.00", "1.00", "15.00", "2.50", "3.00"]],
    ["run-on", "python", "⟦a = 1⟧\n# and more\n", []],
    ["operator", "go", "package a\nvar a = ⟦b + \"\\t\" + c⟧", []],
    ["operator", "javascript", "a = ⟦'x' + b + c⟧", []],
    ["operator", "javascript", "⟦a += `x`⟧", []],
    ["operator", "python", "⟦a + b⟧", ["a - b"]],
    ["operator", "php", "<?php ⟦$a ?? $b;⟧", ["$a ?: $b;"]],
    ["operator", "javascript", "⟦a ?? b⟧", ["a || b"]],
    ["arguments", "javascript", "⟦f(a, function () {\n  b()\n})⟧", ["f(a)", "f(function () {\n  b()\n})"]],
    ["identifier", "javascript", "function f(...a) { arguments; return g(⟦a⟧) }", []],
    ["identifier", "typescript", "import { type A, type ⟦B⟧ } from 'c'", []],
    ["identifier", "java", "class A { ⟦A(int unused) {}⟧ void f(int a, int unused) { a = unused; } }", []],
    ["identifier", "rust", "#⟦[cfg(test)]⟧\nfn f(a: B) { a.b(); }", []],
    ["statements", "go", "package a\nfunc f() {\n\t⟦a.SetOut(b)\n\ta.SetErr(b)⟧\n}\n", [
      "a.SetErr(b)",
      "a.SetOut(b)"
    ]],
    ["statements", "go", "package a\nfunc f() {\n\t⟦c.Request = b\n\tc.Accept(a)⟧\n}\n", [
      "c.Accept(a)",
      "c.Request = b",
      "c.Request = b\n\tc.Accept(a)\n\tc.Accept(a)"
    ]],
    ["statements", "javascript", "⟦a.b = 1\na.b.run(c)⟧", [
      "a.b = 1",
      "a.b = 1\na.b.run(c)\na.b.run(c)",
      "a.b.run(c)",
      "a.b.run(c)\na.b = 1"
    ]],
    ["statements", "go", "package a\nfunc f() {\n\t⟦t.Fatal(err)⟧\n}\n", []],
    ["statements", "typescript", "⟦export type A = B\nexport type B = A | 1⟧", [
      "export type A = B",
      "export type B = A | 1"
    ]],
    ["statements", "rust", "⟦#[cfg(test)]\nuse a;⟧\n", []],
    ["literal", "javascript", "a = require('b')\nf('c')\nd = require(⟦'e'⟧)", ["'b'"]],
    ["literal", "javascript", "f('c')\nd = require(⟦'e'⟧)", []],
    ["literal", "javascript", "f('c')\ng('d')\nf(⟦'e'⟧)", ["'c'"]]
  ])("%s in %s", ([family, language, marked, wanted]) =>
    Effect.gen(function*() {
      const { scene, tree } = yield* sceneOf(language, marked)
      assert.deepStrictEqual(proposalsOf(family, scene), wanted)
      tree.release()
    }).pipe(Effect.provide(TreeSitterParser.layer)))
})

describe("what a commit replaced", () => {
  it.effect.each<readonly [string, string, string, boolean]>([
    ["javascript", "if (⟦m === 'get'⟧) f(a)", "'get' == m", false],
    ["javascript", "if (⟦m === 'get'⟧) f(a)", "m === 'put'", true],
    ["python", "⟦import os\nimport sys⟧\n", "import sys\nimport os", false],
    ["go", "package a\n\nimport (\n\t⟦\"fmt\"\n\t\"os\"⟧\n)\n", "\"os\"\n\n\t\"fmt\"", false],
    ["go", "package a\n\nimport (\n\t⟦\"fmt\"\n\t\"os\"⟧\n)\n", "\"io\"\n\t\"os\"", true],
    ["python", "⟦x = (1)  # one⟧\n", "x = 1", false],
    ["php", "<?php ⟦$a = array_map($b, $c);⟧", "$a = array_map( $b,$c, );", false]
  ])(
    "%s: of another form only it is no negative",
    ([language, marked, oldMiddle, isNegative]) =>
      Effect.gen(function*() {
        const { parser, scene, tree } = yield* sceneOf(language, marked)
        const operators = new Set<string>()
        for (let draw = 0; draw < 30; draw++) {
          const middle = scene.text.slice(scene.middle.start, scene.middle.end)
          const { negative } = makeNegative({
            scene,
            parser,
            oldMiddle,
            positives: [middle],
            random: randomOf("x", draw)
          })
          operators.add(negative?.operator ?? "none")
        }
        assert.strictEqual(operators.has("history"), isNegative)
        tree.release()
      }).pipe(Effect.provide(TreeSitterParser.layer))
  )
})
