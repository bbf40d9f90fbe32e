import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as OxcLinter from "../../layers/linter/OxcLinter.ts"
import * as PylintLinter from "../../layers/linter/PylintLinter.ts"
import * as RuffLinter from "../../layers/linter/RuffLinter.ts"
import * as SyntaxLinter from "../../layers/linter/SyntaxLinter.ts"
import * as MemoryParser from "../../layers/parser/MemoryParser.ts"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { Linter } from "../../services/Linter.ts"
import { check, linterContract } from "../contract/Linter.ts"
import { withTools } from "../support/with-tools.ts"

const python = {
  language: "python",
  clean: "import os\n\n\ndef f(x):\n    return os.path.join(x)\n",
  broken: ["def g(x):\nx = 1\n", 0]
} as const

linterContract("RuffLinter", { layer: RuffLinter.layer, ...python })
linterContract("OxcLinter", {
  layer: OxcLinter.layer,
  language: "typescript",
  clean: "const a: number = 1\nexport const f = (): number => a\n",
  broken: ["function g(\n", 0]
})
linterContract("SyntaxLinter", {
  layer: Layer.provide(SyntaxLinter.layer, TreeSitterParser.layer),
  language: "go",
  clean: "package a\n\nfunc f() int {\n\treturn 1\n}\n",
  broken: ["package a\n\nfunc g( {\n\treturn 1\n}\n", 2]
})

withTools("pylint").describe("with pylint", () => {
  linterContract("PylintLinter", { layer: PylintLinter.layer(process.env["PATH"] ?? ""), ...python })

  it.live("PylintLinter: knows what a class has, and forgets one program before the next", () =>
    Effect.scoped(
      Effect.gen(function*() {
        const linter = yield* Effect.flatMap(Linter, (all) => all.open("python"))
        const source = "class A:\n    def f(self):\n        return 1\n\n\nA().g()\n"
        const [problem] = yield* check(linter, source)
        assert.deepInclude(problem, { rule: "E1101", line: 5, isSyntax: false })
        assert.deepStrictEqual(yield* check(linter, source.replace("def f", "def g")), [])
        assert.strictEqual((yield* check(linter, source)).length, 1)
      }).pipe(Effect.provide(PylintLinter.layer(process.env["PATH"] ?? "")))
    ))

  it.live.each<readonly [what: string, command: string, told: string]>([
    ["has no pylint", `PATH='${process.env["PATH"]}' exec python3 -S -E "$@"`, "apt-get install pylint"],
    ["has one that breaks", "echo '{\"failure\": \"No module is wrong\"}'", "No module is wrong"]
  ])("PylintLinter: tells of a Python that %s", ([, command, told]) => {
    const folder = mkdtempSync(join(tmpdir(), "retrace-python-"))
    const python = join(folder, "python")
    writeFileSync(python, `#!/bin/sh\n${command}\n`, { mode: 0o755 })
    return Effect.gen(function*() {
      const failure = yield* Effect.flip(Effect.flatMap(Linter, (all) => all.open("python")))
      assert.include(failure.message, told)
    }).pipe(
      Effect.provide(PylintLinter.layer("/nowhere", python)),
      Effect.ensuring(Effect.sync(() => rmSync(folder, { recursive: true })))
    )
  })
})

describe("PylintLinter", () => {
  it.live("says which package is missing", () =>
    Effect.gen(function*() {
      // A Python that starts but has no pylint, or none at all.
      const failure = yield* Effect.flip(Effect.flatMap(Linter, (all) => all.open("python")))
      assert.include(failure.message, "apt-get install pylint")
    }).pipe(Effect.provide(PylintLinter.layer("/nowhere", "/nowhere/python3"))))
})

describe("RuffLinter", () => {
  const ask = (source: string) =>
    Effect.flatMap(Linter, (all) => all.open("python")).pipe(
      Effect.flatMap((linter) => check(linter, source)),
      Effect.provide(RuffLinter.layer)
    )

  it.live.each<readonly [what: string, source: string, line: number]>([
    ["a block that is missing", "if x:\n\n# c\ny = 1\n", 0],
    ["one under a clause", "if 1:\n    pass\nelse:\ny = 1\n", 2],
    ["one under a header of several lines", "def f(\n    a,\n):\n\n\ndef g():\n    pass\n", 0],
    ["a try without handler", "y = 1\ntry:\n    y = 2\ny = 3\n", 1],
    ["a decorator without definition", "import a\n\n@a.b\nx = 1\n", 2],
    ["an undefined name", "x = 1\nprint(y)\n", 1],
    ["a name behind a lone carriage return", "x = 1\rprint(x)\rprint(y)\nz = 1\n", 0]
  ])(
    "blames the opener for %s",
    ([, source, line]) =>
      Effect.map(ask(source), (problems) => assert.include(problems.map((problem) => problem.line), line))
  )

  it.live("goes on after a text that it cannot stand", () =>
    Effect.gen(function*() {
      const linter = yield* Effect.flatMap(Linter, (all) => all.open("python"))
      yield* check(linter, `x = ${"(".repeat(200_000)}`)
      yield* check(linter, `x = ${"-".repeat(500_000)}1\n`)
      assert.deepStrictEqual(yield* check(linter, "x = 1\n"), [])
      assert.strictEqual((yield* check(linter, "print(y)\n")).length, 1)
    }).pipe(Effect.provide(RuffLinter.layer)), 60_000)
})

describe("SyntaxLinter", () => {
  it.effect("blames each line that its parser cannot read, and no language that its parser does not know", () =>
    Effect.gen(function*() {
      const linters = yield* Linter
      const braces = yield* linters.open("braces")
      const problems = yield* check(braces, "a {\n  b;\n}\n}\nc {\n{\n")
      assert.deepStrictEqual(problems.map(({ line, rule }) => [rule, line]), [["syntax", 3], ["syntax", 5], [
        "syntax",
        5
      ]])
      const failure = yield* Effect.flip(linters.open("go"))
      assert.strictEqual(failure._tag, "LinterUnavailable")
    }).pipe(Effect.scoped, Effect.provide(Layer.provide(SyntaxLinter.layer, MemoryParser.layer))))
})

describe("OxcLinter", () => {
  it.live("tells what the language forbids from what it cannot read", () =>
    Effect.gen(function*() {
      const linter = yield* Effect.flatMap(Linter, (all) => all.open("javascript"))
      const [twice] = yield* check(linter, "let a = 1\nlet a = 2\n")
      assert.deepInclude(twice, { rule: "semantics", line: 1, isSyntax: false })
      assert.deepStrictEqual(yield* check(linter, "const a = <b>c</b>\n"), [])
    }).pipe(Effect.provide(OxcLinter.layer)))
})
