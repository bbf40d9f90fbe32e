import { assert, describe, it } from "@effect/vitest"
import { readMacros } from "../../../tasks/lintseq/structure/macros.ts"
import { drawPrograms, textAfter } from "../../support/draw-programs.ts"

const around = (body: string): string => `int a;\nvoid f(int x) {\n    a = 1;\n${body}    a = 2;\n}\n`

/** What no grammar reads as it stands, because only a preprocessor knows what it is. */
const programs: Readonly<Record<string, string>> = {
  "a macro that takes a block": around("    FOR_EACH(i, xs, 3) {\n        g(i);\n    }\n"),
  "a block on the next line": around("    FOR_EACH(i, xs, 3)\n    {\n        g(i);\n    }\n"),
  "a macro that takes a statement": around("    FOR_EACH(i, xs, 3)\n        g(i);\n"),
  "a macro that takes a type": around("    list_for_each_entry(struct foo, p, head) {\n        g(p);\n    }\n"),
  "a declaration in a macro": around("    EACH(int *p, xs) {\n        g(p);\n    }\n"),
  "a block without arguments": around("    FOREVER {\n        g(x);\n    }\n"),
  "blocks one behind the other": around("    TRY {\n        g(x);\n    } CATCH(e) {\n        h(e);\n    } END_TRY\n"),
  "a statement without an end": around("    WITH_LOCK(m) return;\n"),
  "a struct as an argument": "int a;\nint x = CALL(struct s, b);\n",
  "a function that a macro begins": "int a;\nTEST(Suite, Name) {\n    g();\n}\n",
  "a declaration without an end": "MODULE_LICENSE(\"GPL\")\nint a;\nint b;\n",
  "a word before a declaration": "API int f(void);\nint a;\n",
  "words before a definition": "static INLINE int __init f(void) {\n    return 1;\n}\nint a;\n",
  "a type in parentheses": "PUBLIC(const char *) f(void);\nint a;\n",
  "a word behind a declaration": "int f(void) NORETURN;\nint a;\n",
  "a word behind a parameter": "int f(int b UNUSED) {\n    return 1;\n}\nint a;\n",
  "a field that a macro declares": "struct s {\n    int a;\n    LIST_HEAD(b, c) list;\n};\n",
  "values that a macro lists": "enum e { LIST(COLOR) LAST };\nint a;\n",
  "values that macros name": "enum e { X(a), Y(b) };\nint a;\n",
  "a language told for C++":
    "#ifdef __cplusplus\nextern \"C\" {\n#endif\nint f(void);\nint a;\n#ifdef __cplusplus\n}\n#endif\n",
  "branches that open a block each": around(
    "#ifdef A\n    if (x) {\n#else\n    if (!x) {\n#endif\n        g(x);\n    }\n"
  ),
  "a branch that goes on with a block": around(
    "    if (x) {\n        g(x);\n#ifdef A\n    } else {\n        h(x);\n#endif\n    }\n"
  )
}

describe("macros of C", () => {
  it.each(Object.entries(programs))("%s is read, built in edits, and stays whole", async (_, code) => {
    const { text } = readMacros(code)
    assert.strictEqual(text.length, code.length)
    assert.deepStrictEqual(text.split("\n").map(({ length }) => length), code.split("\n").map(({ length }) => length))
    const lengths: Array<number> = []
    for (let seed = 0; seed < 6; seed++) {
      const { ledger, rows } = await drawPrograms([{ code, language: "c" }], { seed })
      assert.deepStrictEqual(ledger["programs"]?.leftOut, {})
      assert.strictEqual(textAfter(rows[0].edit_path), code)
      lengths.push(rows[0].edit_path.length)
      for (let count = 1; count < rows[0].edit_path.length; count++) {
        const state = textAfter(rows[0].edit_path, count)
        assert.strictEqual(countOf(state, "{"), countOf(state, "}") + unmatched(state), state)
        assert.strictEqual(countOf(state, "#if"), countOf(state, "#endif"), state)
      }
    }
    assert.isAbove(Math.max(...lengths), 1)
  })

  it.each([
    ["strings that never end", "R\"(".repeat(30_000)],
    ["brackets that never end", "f(".repeat(60_000)],
    ["blocks that never end", "X(a){".repeat(30_000)],
    ["conditions that never end", "#if A\n".repeat(30_000)],
    ["branches", "#if A\n{\n#else\n#endif\n".repeat(8000)],
    ["comments", "/*".repeat(60_000)],
    ["words", "a ".repeat(60_000)],
    ["values", "enum e { X(a) ".repeat(10_000)]
  ])("%s are read in time", (_, text) => {
    assert.strictEqual(readMacros(text).text.length, text.length)
  })
})

const countOf = (text: string, part: string): number => text.split(part).length - 1

/** Blocks that both branches of a condition open, and one closes. */
const unmatched = (text: string): number => countOf(text, "#else")
