/** Python programs drawn at random: valid, with every kind of block, and with all that makes lines awkward. */
import * as FastCheck from "effect/FastCheck"

const name = FastCheck.constantFrom("a", "b", "c", "d")

const simple = FastCheck.oneof(
  FastCheck.tuple(name, name).map(([to, from]) => [`${to} = ${from}`]),
  name.map((to) => [`${to} = ${to} + 1`]),
  name.map((to) => [`${to} = (`, "    1,", "", "    # inner", "    2,", ")"]),
  name.map((to) => [`${to} = '''x`, "  # no comment", "", "def f(:", "'''"]),
  FastCheck.tuple(name, name).map(([one, two]) => [`print(${one}); print(${two})`]),
  name.map((one) => [`import ${one}  # why`]),
  name.map((one) => [`if ${one}: print(1)`]),
  name.map((one) => ["# about it", `print(${one})`]),
  FastCheck.constant(["x = 1 + \\", "    2"]),
  FastCheck.constant(["pass"])
)

type Lines = ReadonlyArray<string>

const indented = (lines: Lines): Lines => lines.map((line) => (line === "" ? "" : `    ${line}`))

const { statement } = FastCheck.letrec<{ statement: Lines; block: Lines }>((tie) => {
  const block = tie("block")
  return {
    block: FastCheck.array(tie("statement"), { minLength: 1, maxLength: 3 }).chain((parts) =>
      FastCheck.array(FastCheck.constantFrom<Lines>([], [""], ["", ""], ["# own"]), { minLength: 3, maxLength: 3 })
        .map((gaps) => parts.flatMap((part, at) => [...(at === 0 ? [] : gaps[at] ?? []), ...part]))
    ),
    statement: FastCheck.oneof(
      { depthSize: "small", maxDepth: 3 },
      simple,
      FastCheck.tuple(name, block).map(([one, body]) => [`def ${one}(b, c=1):`, ...indented(body)]),
      FastCheck.tuple(name, block).map((
        [one, body]
      ) => ["@d", `def ${one}():`, "    '''Doc.", "", "    More.'''", ...indented(body)]),
      FastCheck.tuple(name, block, block).map(([one, body, rest]) => [
        `if ${one}:`,
        ...indented(body),
        "else:",
        ...indented(rest)
      ]),
      FastCheck.tuple(name, block, block).map(([one, body, rest]) => [
        `if ${one}:`,
        ...indented(body),
        "# between",
        `elif not ${one}:`,
        ...indented(rest)
      ]),
      FastCheck.tuple(name, block).map(([one, body]) => [`for ${one} in range(3):`, ...indented(body)]),
      FastCheck.tuple(block, block).map(([body, rest]) => [
        "try:",
        ...indented(body),
        "except ValueError as e:",
        ...indented(rest),
        "finally:",
        "    print(2)"
      ]),
      FastCheck.tuple(block).map(([body]) => [
        "class A(object):",
        "    x = 1",
        "",
        "    def __init__(self):",
        "        self.y = 1",
        "    def f(self):",
        ...indented(indented(body)),
        "        return self.y"
      ])
    )
  }
})

/** The lines of a program: a head, statements with gaps, an end with or without its line end. */
export const pythonProgram: FastCheck.Arbitrary<string> = FastCheck.tuple(
  FastCheck.constantFrom<Lines>([], ["#!/usr/bin/env python3"], ["# Copyright", ""], ["\"\"\"Doc.\"\"\"", ""]),
  FastCheck.array(statement, { minLength: 1, maxLength: 5 }),
  FastCheck.constantFrom("\n", "\r\n"),
  FastCheck.constantFrom("", "\n", "\n\n", "\n# end\n")
).map(([head, statements, end, tail]) =>
  ([...head, ...statements.flatMap((lines, at) => (at % 2 === 0 ? lines : ["", ...lines]))].join("\n") + tail)
    .replaceAll("\n", end)
)
