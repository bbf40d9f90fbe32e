import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { chunksOf } from "../../layers/index/chunks.ts"
import { definitionsOf, isEntered } from "../../layers/index/definitions.ts"
import { readFacts } from "../../layers/index/facts-job.ts"
import { importRulesOf } from "../../layers/index/imports/languages.ts"
import { isCopy, lineHashesOf } from "../../layers/index/lines.ts"
import { eachMention } from "../../layers/index/mentions.ts"
import { makePostings } from "../../layers/index/postings.ts"
import { makeProject } from "../../layers/index/project.ts"
import { symbolsOf } from "../../layers/index/symbols.ts"
import { termsOf } from "../../layers/index/terms.ts"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import type { SourceFile } from "../../services/Index.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { Parser } from "../../services/Parser.ts"
import { randomOf } from "../../services/text/random.ts"

describe("BM25", () => {
  const random = randomOf("bm25")
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`)
  // Low numbers are drawn far more often: some words stand in most documents, as "this" and "return" do.
  const draw = () => words[Math.floor(40 * random.next() ** 3)] ?? ""
  const documents = Array.from({ length: 120 }, () => Array.from({ length: 5 + random.below(60) }, draw))

  const postingsOf = (weighting: "lucene" | "okapi") => {
    const postings = makePostings(weighting)
    for (const document of documents) {
      const counts = new Map<string, number>()
      for (const word of document) counts.set(word, (counts.get(word) ?? 0) + 1)
      const terms = [...counts.keys()]
      postings.show(
        postings.add(
          terms,
          Uint32Array.from([terms.length, ...terms.flatMap((word, at) => [at, counts.get(word) ?? 0])])
        )
      )
    }
    return postings
  }

  /** BM25Okapi of rank_bm25 0.2.2 as its formula is published: k1 1.5, b 0.75, a floor of 0.25 times the mean idf. */
  const okapi = (query: ReadonlyArray<string>): ReadonlyArray<number> => {
    const n = documents.length
    const mean = documents.reduce((sum, document) => sum + document.length, 0) / n
    const holding = new Map(words.map((word) => [word, documents.filter((document) => document.includes(word)).length]))
    const raw = new Map(
      [...holding].filter(([, count]) => count > 0)
        .map(([word, count]) => [word, Math.log(n - count + 0.5) - Math.log(count + 0.5)])
    )
    const floor = 0.25 * [...raw.values()].reduce((sum, idf) => sum + idf, 0) / raw.size
    return documents.map((document) =>
      query.reduce((score, word) => {
        const idf = raw.get(word)
        if (idf === undefined) return score
        const count = document.filter((other) => other === word).length
        return score + (idf < 0 ? floor : idf) * count * 2.5 / (count + 1.5 * (0.25 + 0.75 * document.length / mean))
      }, 0)
    )
  }

  const top = (scores: ArrayLike<number>) =>
    Array.from(scores, (score, at) => ({ score, at })).sort((a, b) => b.score - a.score || a.at - b.at).slice(0, 10)

  it("in okapi mode gives rank_bm25's scores and its ten best on 30 queries", () => {
    const postings = postingsOf("okapi")
    for (let asked = 0; asked < 30; asked++) {
      const query = Array.from({ length: 3 + random.below(12) }, draw)
      const weights = new Map<string, number>()
      for (const word of query) weights.set(word, (weights.get(word) ?? 0) + 1)
      const expected = okapi(query)
      const found = postings.score(weights)
      for (const [at, score] of expected.entries()) assert.closeTo(found[at] ?? 0, score, 1e-4)
      // Scores are kept in 32 bits: only places whose scores differ by less may change.
      const best = top(expected)
      for (const [place, { at }] of top(found).entries()) {
        assert.closeTo(expected[at] ?? 0, best[place]?.score ?? 0, 1e-4)
      }
    }
  })

  it("keeps its scores through removal and compaction", () => {
    for (const weighting of ["lucene", "okapi"] as const) {
      const postings = postingsOf(weighting)
      const query = new Map([["word0", 1], ["word7", 2], ["word20", 0.5]])
      const before = [...postings.score(query)]
      const extra = Uint32Array.from([2, 0, 3, 1, 1])
      const first = postings.add(["word7", "fresh"], extra)
      assert.deepStrictEqual([...postings.score(query)].slice(0, before.length), before)
      postings.show(first)
      assert.notDeepEqual([...postings.score(query)].slice(0, before.length), before)
      postings.hide(first)
      assert.deepStrictEqual([...postings.score(query)].slice(0, before.length), before)
      postings.drop(first)
      const numbers = postings.compact()
      assert.strictEqual(numbers[first], -1)
      assert.deepStrictEqual([...postings.score(query)], before)
    }
  })
})

it("terms are the identifier and its words", () => {
  assert.deepStrictEqual(termsOf("getUserName"), ["getusername", "get", "user", "name"])
  assert.deepStrictEqual(termsOf("max_depth"), ["max_depth", "max", "depth"])
  assert.deepStrictEqual(termsOf("HTTPServer2"), ["httpserver2", "http", "server"])
  assert.deepStrictEqual(termsOf("x"), ["x"])
})

it.prop("chunks are whole lines that cover the text", {
  lines: FastCheck.array(
    FastCheck.constantFrom("", "x = 1", "def f():", "    return 1", "# a comment", "y".repeat(300))
  )
}, ({ lines }) => {
  const text = lines.join("\n")
  const symbols = [...text.matchAll(/^def/gm)].map(({ index }) => ({
    name: "f",
    kind: "function" as const,
    container: -1,
    owner: "",
    start: index,
    line: 1,
    hasBody: true,
    signature: "def f():",
    bases: [],
    end: index + 8
  }))
  const chunks = chunksOf(text, "python", symbols)
  let at = 0
  for (let index = 0; index < chunks.length; index += 2) {
    assert.strictEqual(chunks[index], at)
    assert.isTrue(at === 0 || text[at - 1] === "\n")
    at = chunks[index + 1] ?? 0
  }
  assert.strictEqual(at, text.length)
})

it("a copy shares four fifths of the smaller file's lines", () => {
  const text = (numbers: ReadonlyArray<number>) => numbers.map((number) => `line number ${number}\n`).join("")
  const all = Array.from({ length: 100 }, (_, index) => index)
  const target = lineHashesOf(text(all))
  assert.isTrue(isCopy(target, lineHashesOf(text(all.slice(0, 20)))))
  assert.isTrue(
    isCopy(target, lineHashesOf(text([...all.slice(0, 80), ...all.map((number) => number + 1000).slice(0, 20)])))
  )
  assert.isFalse(
    isCopy(target, lineHashesOf(text([...all.slice(0, 70), ...all.map((number) => number + 1000).slice(0, 30)])))
  )
  assert.isFalse(isCopy(target, lineHashesOf("line number 1\n")))
})

it("mentions are names in code, with what stands before them", () => {
  const mentioned = (language: string, text: string) => {
    const found: Array<string> = []
    eachMention(text, language, 0, text.length, (name, role) => found.push(`${role} ${name}`))
    return found
  }
  assert.deepStrictEqual(mentioned("php", "// Foo bar\n$this->run($count, Str::of('x y'));"), [
    "member run",
    "variable count",
    "bare Str",
    "member of"
  ])
  assert.deepStrictEqual(mentioned("python", "\"\"\"Foo\nbar\"\"\"\nreturn self.load(path)  # Baz"), [
    "member load",
    "bare path"
  ])
  assert.deepStrictEqual(mentioned("rust", "let a: &'static Foo = x; /* Bar\n * Baz */ call()"), [
    "bare a",
    "bare Foo",
    "bare x",
    "bare call"
  ])
})

const symbolCases: Readonly<Record<string, readonly [source: string, symbols: ReadonlyArray<string>]>> = {
  "a.php": [
    "<?php\nnamespace A;\n#[Attr]\nabstract class User extends Model implements B {\n  public const X = 1;\n  protected static ?string $name = 'a';\n  public function __construct(\n    private readonly Foo $foo,\n  ) { }\n}\nenum Suit: string { case Hearts = 'h'; }\nif (!function_exists('dd')) { function dd(...$args) { } }\n",
    [
      "type User: abstract class User extends Model implements B",
      "  value X: public const X = 1;",
      "  value name: protected static ?string $name = 'a';",
      "  function __construct: public function __construct( private readonly Foo $foo, )",
      "type Suit: enum Suit: string",
      "  value Hearts: case Hearts = 'h';",
      "function dd: function dd(...$args)"
    ]
  ],
  "a.py": [
    "X: int = 3\nclass A(B, metaclass=M):\n    z: int = 1\n    @property\n    def foo(self,\n            x: int) -> int:\n        q = 1\n    async def bar(self): pass\n",
    [
      "value X: X: int = 3",
      "type A: class A(B, metaclass=M):",
      "  value z: z: int = 1",
      "  function foo: def foo(self, x: int) -> int:",
      "  function bar: async def bar(self):"
    ]
  ],
  "a.js": [
    "const fs = require('fs')\nexports.foo = function (a, b) { return 1 }\nmodule.exports = Thing\nThing.prototype.bar = async (x) => { let q = 1 }\nclass A extends B.C { static x = 1; get y() { return 1 } }\nexport async function gen() {}\n",
    [
      "value foo: exports.foo = function (a, b)",
      "value bar: Thing.prototype.bar = async (x)",
      "type A: class A extends B.C",
      "  value x: static x = 1",
      "  function y: get y()",
      "function gen: export async function gen()"
    ]
  ],
  "a.go": [
    "package x\ntype Command struct {\n\tUse string\n}\nfunc (c *Command) Execute(a int) error { return nil }\ntype Iface interface { Do(x int) error }\nconst (\n\tA = iota\n)\n",
    [
      "type Command: type Command struct",
      "  value Use: Use string",
      "  function Execute: func (c *Command) Execute(a int) error",
      "type Iface: type Iface interface",
      "  function Do: Do(x int) error",
      "value A: A = iota"
    ]
  ],
  "comments.go": [
    "package x\ntype (\n\t// A says.\n\tA struct { // of A\n\t\tx int\n\t}\n\tB struct{} /* of B */\n\tC []A\n)\n",
    ["type A: type A struct", "  value x: x int", "type B: type B struct", "type C: type C []A"]
  ],
  "comments.py": [
    "def get(  # type: ignore[override]\n    self, name: str = '# no comment'  # the name\n) -> int:\n    pass\n",
    ["function get: def get( self, name: str = '# no comment' ) -> int:"]
  ],
  "Comments.java": [
    "@SuppressWarnings(\"serial\") // no version\npublic final class A {\n  @Deprecated // use B\n  /* and C */ public A(String url /* \"http://a\" */) {}\n}\n",
    [
      "type A: @SuppressWarnings(\"serial\") public final class A",
      "  function A: @Deprecated public A(String url )"
    ]
  ],
  "a.rs": [
    "pub struct Arg { name: String }\nimpl Arg { pub fn new(n: &str) -> Self { todo!() } }\npub trait T: Clone { fn go(&self); }\n",
    [
      "type Arg: pub struct Arg",
      "  value name: name: String",
      "module Arg: impl Arg",
      "  function new: pub fn new(n: &str) -> Self",
      "type T: pub trait T: Clone",
      "  function go: fn go(&self);"
    ]
  ],
  "a.cpp": [
    "#define MAX(a,b) 1\nclass Vec : public Base { public: Vec(int n); int at(int i) const; };\nstruct node { struct node *next; };\nint main(int argc);\n",
    [
      "function MAX: #define MAX(a,b) 1",
      "type Vec: class Vec : public Base",
      "  value Vec: Vec(int n);",
      "  value at: int at(int i) const;",
      "type node: struct node",
      "  value next: struct node *next;",
      "value main: int main(int argc);"
    ]
  ],
  "A.java": [
    "package a;\npublic final class A<T> extends B<T> implements C {\n  private static final int X = 1;\n  public String name() { return \"\"; }\n  enum E { ONE }\n}\n",
    [
      "type A: public final class A<T> extends B<T> implements C",
      "  value X: private static final int X = 1;",
      "  function name: public String name()",
      "  type E: enum E",
      "    value ONE: ONE"
    ]
  ],
  "a.rb": [
    "module M\n  class A < B\n    def initialize(x)\n      @x = x\n    end\n    def self.make = new(1)\n  end\nend\n",
    [
      "type M: module M",
      "  type A: class A < B",
      "    function initialize: def initialize(x)",
      "    function make: def self.make"
    ]
  ],
  "A.cs": [
    "namespace N {\n  public interface IFoo { int Bar { get; } void Do(int x); }\n}\n",
    [
      "module N: namespace N",
      "  type IFoo: public interface IFoo",
      "    value Bar: int Bar",
      "    function Do: void Do(int x);"
    ]
  ],
  "a.ts": [
    "export interface Item {\n  readonly name: string\n}\nexport abstract class A<T> extends B<T> {\n  private x = 1\n  abstract go(n: number): void\n}\nexport type Id = string\nexport const make = (id: Id): Item => ({ name: id })\nexport enum Kind { One }\n",
    [
      "type Item: export interface Item",
      "  value name: readonly name: string",
      "type A: export abstract class A<T> extends B<T>",
      "  value x: private x = 1",
      "  function go: abstract go(n: number): void",
      "value Id: export type Id = string",
      "value make: export const make = (id: Id): Item",
      "type Kind: export enum Kind"
    ]
  ]
}

describe("symbols", () => {
  for (const [path, [source, expected]] of Object.entries(symbolCases)) {
    it.effect(`of ${path}`, () =>
      Effect.gen(function*() {
        const language = languageOfPath(path)?.name ?? ""
        const parser = yield* (yield* Parser).open(language)
        const definitions = definitionsOf(language)
        if (definitions === undefined) return assert.fail(language)
        const tree = parser.parse(source)
        const outline = tree.outline((type, parentType) => isEntered(definitions, type, parentType))
        const symbols = symbolsOf(source, language, outline, definitions)
        const depth = (place: number): number => place === -1 ? 0 : 1 + depth(symbols[place]?.container ?? -1)
        const shown = symbols.map(({ container, kind, name, signature }) =>
          `${"  ".repeat(depth(container))}${kind} ${name}: ${signature}`
        )
        assert.deepStrictEqual(shown, expected)
        for (const { line, start } of symbols) {
          assert.strictEqual(line, source.slice(0, start).split("\n").length)
        }
        tree.release()
      }).pipe(Effect.provide(TreeSitterParser.layer)))
  }
})

/** Files of a project, the importer, and what its imports lead to: "path" or "path name". */
const importCases: Readonly<
  Record<
    string,
    readonly [files: Readonly<Record<string, string>>, importer: string, source: string, found: ReadonlyArray<string>]
  >
> = {
  "PHP names, groups, traits and require": [
    {
      "src/A.php": "<?php\nnamespace App\\X;\nclass A {}\n",
      "src/B.php": "<?php\nnamespace App\\X;\nclass B {}\n",
      "src/T.php": "<?php\nnamespace App;\ntrait T {}\n",
      "src/help.php": "<?php\nfunction h() {}\n"
    },
    "src/C.php",
    "<?php\nnamespace App;\nuse App\\X\\{A, B as Q};\nuse Other\\Z;\nrequire __DIR__ . '/help.php';\nclass C {\n    use T;\n}\n",
    ["src/A.php A", "src/B.php B", "src/T.php T", "src/help.php"]
  ],
  "Python modules, relative ones and re-exports": [
    {
      "lib/p/__init__.py": "from .core import *\nfrom .more import thing as other\n",
      "lib/p/core.py": "def run(): pass\n",
      "lib/p/more.py": "def thing(): pass\n",
      "lib/q.py": "x = 1\n"
    },
    "lib/p/sub.py",
    "import os\nfrom p import (run,\n  core)\nfrom .more import thing\nfrom .. import q\nimport p.more as m\n",
    ["lib/p/core.py run", "lib/p/core.py", "lib/p/more.py thing", "lib/q.py", "lib/p/more.py"]
  ],
  "JavaScript paths, index files, require, re-exports and workspaces": [
    {
      "src/a.ts": "export const one = 1\n",
      "src/dir/index.ts": "export { one } from '../a.js'\nexport const two = 2\n",
      "src/old.js": "exports.three = 3\n",
      "packages/b/package.json": "{ \"name\": \"@x/b\", \"main\": \"./main.js\" }",
      "packages/b/main.js": "exports.four = 4\n"
    },
    "src/main.ts",
    "import { one } from './dir'\nimport type { two } from \"./dir/index.js\"\nconst { three } = require('./old')\nimport * as all from './a'\nimport x from '@x/b'\nimport 'react'\n",
    ["src/a.ts one", "src/dir/index.ts two", "src/a.ts", "packages/b/main.js", "src/old.js three"]
  ],
  "Go packages": [
    {
      "go.mod": "module example.com/m\n",
      "util/a.go": "package util\nfunc A() {}\n",
      "util/a_test.go": "package util\n"
    },
    "cmd/main.go",
    "package main\nimport (\n\t\"fmt\"\n\tu \"example.com/m/util\"\n)\n",
    ["util/a.go"]
  ],
  "Java classes and packages": [
    { "A.java": "package p.q;\nclass A {}\n", "B.java": "package p.q;\nclass B {}\n" },
    "C.java",
    "package p;\nimport p.q.A;\nimport static p.q.B.f;\n",
    ["A.java A", "B.java B"]
  ],
  "Rust modules": [
    {
      "src/lib.rs": "pub mod a;\n",
      "src/a/mod.rs": "pub struct S;\n",
      "src/a/b.rs": "pub fn f() {}\npub enum E { V }\n"
    },
    "src/c.rs",
    "use crate::a::{S, b::{f, E}};\nuse super::a::b;\nuse std::fmt;\n",
    ["src/a/mod.rs S", "src/a/b.rs f", "src/a/b.rs E", "src/a/b.rs"]
  ],
  "C includes": [
    { "include/m/x.h": "int f(void);\n", "src/y.h": "int g(void);\n" },
    "src/y.c",
    "#include <stdio.h>\n#include \"y.h\"\n#include <m/x.h>\n",
    ["src/y.h", "include/m/x.h"]
  ],
  "Ruby files": [
    { "lib/a/b.rb": "class B; end\n", "lib/c.rb": "class C; end\n" },
    "lib/a/d.rb",
    "require 'json'\nrequire_relative 'b'\nrequire 'c'\n",
    ["lib/a/b.rb", "lib/c.rb"]
  ],
  "C# namespaces": [
    { "A.cs": "namespace N.M;\npublic class A {}\n" },
    "B.cs",
    "using System;\nusing N.M;\nnamespace N;\n",
    ["A.cs"]
  ]
}

describe("imports", () => {
  for (const [name, [files, path, source, expected]] of Object.entries(importCases)) {
    it.effect(name, () =>
      Effect.gen(function*() {
        const read = readFacts(yield* Parser)
        const project = makeProject("lucene")
        for (const file of Object.entries(files).map(([path, text]): SourceFile => ({ path, text }))) {
          if (/\.json$|\.mod$/.test(file.path)) project.setConfig(file.path, file.text)
          else project.put(yield* read(file))
        }
        const rules = importRulesOf(languageOfPath(path)?.name ?? "")
        const importer = { path, namespace: rules.namespaceOf(source, path) }
        const found = rules.scan(source).flatMap((imported) => rules.resolve(imported, importer, project.view))
        const told = found.map(({ file, name }) => project.view.pathOf(file) + (name === null ? "" : ` ${name}`))
        assert.deepStrictEqual(told, expected)
      }).pipe(Effect.provide(TreeSitterParser.layer)))
  }
})
