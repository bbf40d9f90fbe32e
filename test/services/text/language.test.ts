import { assert, it } from "@effect/vitest"
import { grammarLanguages } from "../../../layers/parser/grammars.ts"
import { languageNamed, languageNames, languageOfPath, refineByText } from "../../../services/text/language.ts"

it.each([
  ["src/Foo.PHP", "php"],
  ["a/b/c.tsx", "tsx"],
  ["lib/Rakefile", "ruby"],
  ["x.kt", "kotlin"],
  ["include/a.h", "c"],
  [".eslintrc.js", "javascript"],
  ["Makefile", undefined],
  [".py", undefined]
])("languageOfPath(%s) is %s", (path, name) => {
  assert.strictEqual(languageOfPath(path)?.name, name)
})

it("a C header that only C++ can read is C++", () => {
  const c = languageOfPath("a.h")
  assert.isDefined(c)
  if (c === undefined) return
  assert.strictEqual(refineByText(c, "namespace x {\n}").name, "cpp")
  assert.strictEqual(refineByText(c, "struct x { int y; };").name, "c")
})

it("every language that claims a grammar has one, and the other way round", () => {
  const claimed = languageNames.filter((name) => languageNamed(name)?.hasGrammar === true)
  assert.deepStrictEqual([...claimed].sort(), [...grammarLanguages].sort())
})
