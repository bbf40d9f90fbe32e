import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TreeSitterParser from "../../../layers/parser/TreeSitterParser.ts"
import { Parser } from "../../../services/Parser.ts"
import { putUp } from "../../../tasks/lintseq/structure/needs.ts"
import { languageShapeOf } from "../../../tasks/lintseq/structure/language-shapes.ts"
import { type Structure, structureOf } from "../../../tasks/lintseq/structure/structure.ts"

const read = (language: string, source: string) =>
  Effect.gen(function*() {
    const parser = yield* Effect.flatMap(Parser, (all) => all.open(language))
    const tree = parser.parse(source)
    const shape = languageShapeOf(language)
    assert(shape !== undefined)
    const structure = structureOf(source, tree.nodes({ start: 0, end: source.length }), shape)
    tree.release()
    return structure
  }).pipe(Effect.provide(TreeSitterParser.layer))

/** What is left of a program once the lines that hold a word are taken. */
const without = ({ lines, needs, ofLine }: Structure, word: string): string => {
  const standing = putUp(needs)
  for (const [line, text] of lines.entries()) if (text.includes(word)) standing.take(ofLine[line] ?? 0)
  return lines.filter((_, line) => standing.stands(ofLine[line] ?? 0)).join("")
}

const cases: ReadonlyArray<readonly [what: string, language: string, source: string, word: string, rest: string]> = [
  ["a statement with its lines", "python", "x = 1\nf(\n    2,\n)\ny = 3\n", "2,", "x = 1\ny = 3\n"],
  ["a string as one", "python", "x = 1\ns = '''a\n\n# b\n'''\n", "# b", "x = 1\n"],
  ["a header with its block", "python", "if x:\n    y = 1\nz = 1\n", "if x", "z = 1\n"],
  ["a header whose block empties", "python", "if x:\n    y = 1\nz = 1\n", "y = 1", "z = 1\n"],
  ["a clause alone", "python", "if x:\n    y = 1\nelse:\n    z = 1\n", "z = 1", "if x:\n    y = 1\n"],
  ["an if with its clauses", "python", "if x:\n    y = 1\nelse:\n    z = 1\nw = 1\n", "y = 1", "w = 1\n"],
  ["a try with its last handler", "python", "try:\n    a()\nexcept E:\n    b()\nc()\n", "b()", "c()\n"],
  [
    "a handler of several",
    "python",
    "try:\n    a()\nexcept E:\n    b()\nfinally:\n    c()\n",
    "b()",
    "try:\n    a()\nfinally:\n    c()\n"
  ],
  ["a decorator with its definition", "python", "@d(\n    1\n)\ndef f():\n    pass\nx = 1\n", "def f", "x = 1\n"],
  ["a comment with what is below it", "python", "x = 1\n\n# about y\ny = 2\n", "y = 2", "x = 1\n"],
  [
    "a comment that ends a block with what is above",
    "python",
    "if x:\n    a()\n    b()\n    # end\nc()\n",
    "b()",
    "if x:\n    a()\nc()\n"
  ],
  ["no comment of what stays", "python", "# about x\nx = 1\ny = 2  # y\n", "y = 2", "# about x\nx = 1\n"],
  ["the gap above a part", "python", "a = 1\n\n\ndef f():\n    pass\n\n\nb = 1\n", "def f", "a = 1\n\n\nb = 1\n"],
  ["the gap above the first one that stays", "python", "a = 1\n\nb = 1\n\nc = 1\n", "a = 1", "b = 1\n\nc = 1\n"],
  [
    "not the gap below what opens the file",
    "python",
    "\"\"\"Doc.\"\"\"\n\na = 1\n\nb = 1\n",
    "a = 1",
    "\"\"\"Doc.\"\"\"\n\nb = 1\n"
  ],
  ["all, with the last part", "python", "#!/usr/bin/python\n\"\"\"Doc.\"\"\"\n\na = 1\n", "a = 1", ""],
  ["two statements of one line as one", "python", "a = 1; b = 2\nc = 1\n", "a = 1", "c = 1\n"],
  ["the users of a name", "python", "x = 1\ny = x\nz = y\nw = 1\n", "x = 1", "w = 1\n"],
  ["no user that has another definition", "python", "x = 1\nx = 2\ny = x\n", "x = 2", "x = 1\ny = x\n"],
  [
    "no user of a name of another scope",
    "python",
    "x = 1\ndef f(x):\n    return x\n",
    "x = 1",
    "def f(x):\n    return x\n"
  ],
  [
    "a user behind the only one before it",
    "python",
    "def f():\n    x = 1\n    y = x\n    x = 2\n    return 3\n",
    "x = 1",
    "def f():\n    x = 2\n    return 3\n"
  ],
  [
    "what adds to itself",
    "python",
    "def f():\n    n = 0\n    n = n + 1\n    return 2\n",
    "n = 0",
    "def f():\n    return 2\n"
  ],
  [
    "the users of a member",
    "python",
    "class A:\n    def __init__(self):\n        self.x = 1\n    def f(self):\n        a = self.x\n        return 1\n",
    "self.x = 1",
    "class A:\n    def f(self):\n        return 1\n"
  ],
  [
    "a constructor whose super call goes",
    "python",
    "class A(B):\n    def __init__(self):\n        super().__init__()\n        self.y = 1\n    z = 1\n",
    "super",
    "class A(B):\n    z = 1\n"
  ],
  [
    "whoever takes a result",
    "python",
    "def f():\n    a()\n    return 1\nf()\ny = f()\n",
    "return 1",
    "def f():\n    a()\nf()\n"
  ],
  [
    "an else between braces",
    "javascript",
    "if (x) {\n  a()\n} else {\n  b()\n}\nc()\n",
    "b()",
    "if (x) {\n  a()\n}\nc()\n"
  ],
  [
    "the last of a chain",
    "javascript",
    "if (x) {\n  a()\n} else if (y) {\n  b()\n} else {\n  c()\n}\n",
    "c()",
    "if (x) {\n  a()\n} else if (y) {\n  b()\n}\n"
  ],
  [
    "the rest of a chain",
    "javascript",
    "if (x) {\n  a()\n} else if (y) {\n  b()\n} else {\n  c()\n}\n",
    "b()",
    "if (x) {\n  a()\n}\n"
  ],
  [
    "a statement inside a callback",
    "javascript",
    "d('x', () => {\n  a()\n  b()\n})\n",
    "b()",
    "d('x', () => {\n  a()\n})\n"
  ],
  [
    "a case",
    "javascript",
    "switch (x) {\n  case 1:\n    a()\n    break\n  default:\n    b()\n}\n",
    "b()",
    "switch (x) {\n  case 1:\n    a()\n    break\n}\n"
  ],
  [
    "a method and who calls it",
    "javascript",
    "class A {\n  f() {\n    return 1\n  }\n  g() {\n    h()\n    this.f()\n  }\n}\n",
    "f() {",
    "class A {\n  g() {\n    h()\n  }\n}\n"
  ],
  ["what a linter is told to be there", "javascript", "a()\n/* global task */\nf()\ntask()\n", "f()", "a()\n"],
  [
    "an annotated member",
    "typescript",
    "class A {\n  @dec()\n  x: string\n  y = 1\n}\n",
    "x: string",
    "class A {\n  y = 1\n}\n"
  ],
  [
    "an overload with the function that has the body",
    "typescript",
    "let a = 1\nfunction f(x: string): void\nfunction f(x: number): void\nfunction f(x: any) {\n  a = x\n}\n",
    "a = x",
    "let a = 1\n"
  ],
  [
    "whoever fills a field that is declared",
    "typescript",
    "class A {\n  x: number\n  f() {\n    g()\n    this.x = 1\n    h(this.x)\n  }\n}\n",
    "x: number",
    "class A {\n  f() {\n    g()\n  }\n}\n"
  ],
  [
    "an else in Go",
    "go",
    "package a\n\nfunc f() {\n\tif x {\n\t\ta()\n\t} else if y {\n\t\tb()\n\t} else {\n\t\tc()\n\t}\n}\n",
    "c()",
    "package a\n\nfunc f() {\n\tif x {\n\t\ta()\n\t} else if y {\n\t\tb()\n\t}\n}\n"
  ],
  [
    "an import in Go with its last user",
    "go",
    "package a\n\nimport (\n\t\"fmt\"\n\t\"io/os\"\n)\n\nfunc f() {\n\tfmt.A()\n\tos.B()\n}\n",
    "os.B",
    "package a\n\nimport (\n\t\"fmt\"\n)\n\nfunc f() {\n\tfmt.A()\n}\n"
  ],
  ["an attribute with its item", "rust", "#[derive(Debug)]\nstruct A;\nstruct B;\n", "struct A", "struct B;\n"],
  [
    "an arm",
    "rust",
    "fn f() {\n    match x {\n        1 => a(),\n        _ => {\n            b()\n        }\n    }\n}\n",
    "a()",
    "fn f() {\n    match x {\n        _ => {\n            b()\n        }\n    }\n}\n"
  ],
  [
    "a case of a value that goes, in Python",
    "python",
    "class Color(Enum):\n    RED = 1\n    BLUE = 2\nmatch c:\n    case Color.RED:\n        f()\n    case _:\n        g()\n",
    "RED = 1",
    "class Color(Enum):\n    BLUE = 2\nmatch c:\n    case _:\n        g()\n"
  ],
  [
    "an arm of a variant that goes",
    "rust",
    "enum E {\n    A,\n    B(u8),\n}\nfn f(e: E) {\n    match e {\n        E::A => a(),\n        E::B(n) => b(n),\n    }\n}\n",
    "B(u8)",
    "enum E {\n    A,\n}\nfn f(e: E) {\n    match e {\n        E::A => a(),\n    }\n}\n"
  ],
  [
    "a variant whose arm goes, where one must fit",
    "rust",
    "enum E {\n    A,\n    B(u8),\n}\nfn f(e: E) {\n    match e {\n        E::A => a(),\n        E::B(n) => b(n),\n    }\n}\n",
    "E::B",
    "enum E {\n    A,\n}\nfn f(e: E) {\n    match e {\n        E::A => a(),\n    }\n}\n"
  ],
  [
    "who uses what an import brings from the file",
    "rust",
    "mod a {\n    pub fn b() {}\n    pub fn c() {}\n}\nuse a::{b};\nfn f() {\n    b();\n    d();\n}\n",
    "pub fn b",
    "mod a {\n    pub fn c() {}\n}\nfn f() {\n    d();\n}\n"
  ],
  [
    "what a trait asks for, with the trait's own",
    "rust",
    "trait T {\n    fn a(&self);\n    fn b(&self) {}\n}\nstruct S;\nimpl T for S {\n    fn a(&self) {}\n    fn b(&self) {}\n}\n",
    "fn a(&self);",
    "trait T {\n    fn b(&self) {}\n}\nstruct S;\nimpl T for S {\n    fn b(&self) {}\n}\n"
  ],
  [
    "a template whose concept goes",
    "cpp",
    "template <typename T>\nconcept C = true;\nint a;\ntemplate <C T>\nvoid f(T t) {\n}\n",
    "concept",
    "int a;\n"
  ],
  [
    "who uses a name that another line brings in",
    "cpp",
    "namespace a {\nstruct B {\n};\n}\nusing a::B;\nint c;\nB b;\n",
    "using",
    "namespace a {\nstruct B {\n};\n}\nint c;\n"
  ],
  [
    "who uses an alias",
    "cpp",
    "using Size = int;\nint c;\nSize size;\n",
    "using",
    "int c;\n"
  ],
  [
    "a call whose prototype goes, though the function stands below",
    "c",
    "int f(void);\nint g(void) {\n    return 1;\n}\nint h(void) {\n    g();\n    f();\n    return 2;\n}\nint f(void) {\n    return 3;\n}\n",
    "int f(void);",
    "int g(void) {\n    return 1;\n}\nint h(void) {\n    g();\n    return 2;\n}\nint f(void) {\n    return 3;\n}\n"
  ],
  [
    "a goto whose label goes",
    "c",
    "void f(void) {\n    a();\n    goto end;\nend:\n    b();\n}\n",
    "b();",
    "void f(void) {\n    a();\n}\n"
  ],
  [
    "who uses what a header may tell",
    "c",
    "#include <stdio.h>\nint a;\nvoid f(void) {\n    a = 1;\n    puts(0);\n}\n",
    "include",
    "int a;\nvoid f(void) {\n    a = 1;\n}\n"
  ],
  [
    "both branches of a condition",
    "c",
    "#ifdef A\nint a;\nvoid f(void) {\n}\n#else\n#define f() 0\n#endif\nint b;\n",
    "int a;",
    "int b;\n"
  ],
  [
    "a macro whose body names what goes",
    "c",
    "#define A 1\n#define B (A + 1)\nint a;\nint b = B;\n",
    "define A",
    "int a;\n"
  ],
  [
    "constants that go on from another",
    "go",
    "package a\n\nconst (\n\tA = iota\n\tB\n)\n\nvar c = 1\n",
    "A = iota",
    "package a\n\nvar c = 1\n"
  ],
  [
    "who uses a type without what makes it fit an interface",
    "go",
    "package a\n\ntype I interface {\n\tF()\n}\n\ntype T int\n\nfunc (t T) F() {}\n\nvar a I = T(1)\n\nvar b I\n",
    "func (t T)",
    "package a\n\ntype T int\n"
  ],
  [
    "no package for the sake of a function of its name",
    "go",
    "package main\n\nvar a = 1\n\nfunc main() {}\n",
    "func main",
    "package main\n\nvar a = 1\n"
  ],
  [
    "who uses an import",
    "java",
    "import a.B;\nclass C {\n  int d;\n  B b;\n}\n",
    "import",
    "class C {\n  int d;\n}\n"
  ],
  [
    "a method that overrides one that goes",
    "java",
    "class A {\n  int a;\n  void f() { g(); }\n}\nclass B extends A {\n  int b;\n  @Override\n  void f() {}\n}\n",
    "g();",
    "class A {\n  int a;\n}\nclass B extends A {\n  int b;\n}\n"
  ],
  [
    "who calls a constructor that goes",
    "c-sharp",
    "class A {\n  int a;\n  public A(int b) {}\n}\nclass B {\n  int c;\n  A d = new A(1);\n}\n",
    "public A",
    "class A {\n  int a;\n}\nclass B {\n  int c;\n}\n"
  ],
  [
    "what an interface asks for, with what gives it",
    "typescript",
    "interface I {\n  a: number\n  f(): void\n}\nclass C implements I {\n  a = 1\n  f() {}\n}\n",
    "f() {}",
    "interface I {\n  a: number\n}\nclass C implements I {\n  a = 1\n}\n"
  ],
  [
    "a case of an enum in PHP",
    "php",
    "<?php\nenum E {\n    case A;\n    case B;\n}\nf(E::A);\ng(E::B);\n",
    "case A",
    "<?php\nenum E {\n    case B;\n}\ng(E::B);\n"
  ],
  [
    "an else in Java",
    "java",
    "class A {\n  void f() {\n    if (x) {\n      a();\n    } else {\n      b();\n    }\n  }\n}\n",
    "b()",
    "class A {\n  void f() {\n    if (x) {\n      a();\n    }\n  }\n}\n"
  ],
  [
    "not the tag of PHP",
    "php",
    "<?php\n\nnamespace A;\n\nuse B\\C;\n\nf();\n",
    "use B",
    "<?php\n\nnamespace A;\n\nf();\n"
  ],
  ["the users of an import in PHP", "php", "<?php\nuse B\\C;\nf();\n$x = new C(1);\n", "use B", "<?php\nf();\n"],
  ["an elsif in Ruby", "ruby", "if x\n  a\nelsif y\n  b\nelse\n  c\nend\n", "  b", "if x\n  a\nend\n"],
  [
    "a heredoc with its statement",
    "ruby",
    "def f\n  a(<<-X, 1)\n    def g\n  end\n  X\n  b\nend\n",
    "a(<<-X",
    "def f\n  b\nend\n"
  ],
  [
    "a clause on lines of its own in C#",
    "c-sharp",
    "class A\n{\n    void F()\n    {\n        if (x)\n        {\n            a();\n        }\n        else\n        {\n            b();\n        }\n    }\n}\n",
    "b()",
    "class A\n{\n    void F()\n    {\n        if (x)\n        {\n            a();\n        }\n    }\n}\n"
  ],
  [
    "the users of a variable in C",
    "c",
    "int f(void) {\n  int x = 1;\n  g(x);\n  return 2;\n}\n",
    "int x",
    "int f(void) {\n  return 2;\n}\n"
  ],
  [
    "a handler in C++",
    "cpp",
    "void f() {\n  try {\n    a();\n  } catch (E& e) {\n    b();\n  } catch (...) {\n    c();\n  }\n}\n",
    "b()",
    "void f() {\n  try {\n    a();\n  } catch (...) {\n    c();\n  }\n}\n"
  ]
]

describe("the structure of a program", () => {
  it.live.each(cases)("takes %s", ([, language, source, word, rest]) =>
    Effect.gen(function*() {
      const structure = yield* read(language, source)
      assert.strictEqual(structure.lines.join(""), source)
      assert.strictEqual(without(structure, word), rest)
    }))

  it.live("has no code where there are only comments and a docstring", () =>
    Effect.gen(function*() {
      assert.isFalse((yield* read("python", "# a\n\"\"\"b\"\"\"\n")).hasCode)
      assert.isFalse((yield* read("go", "// a\n")).hasCode)
      assert.isTrue((yield* read("python", "x = 1\n")).hasCode)
    }))
})
