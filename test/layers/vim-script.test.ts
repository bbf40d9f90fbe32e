import { assert, describe, it } from "@effect/vitest"
import { fillScript } from "../../layers/sandbox/vim-script.ts"

describe("a Vim script", () => {
  it("is its files one behind the other, with values as literals in the place of their names", () => {
    assert.strictEqual(
      fillScript(["let s:a = {{a}}", "echo s:a . {{b}}\n"], { a: "it's {{b}} for $& here", b: "{\"x\":\"y\"}" }),
      "let s:a = 'it''s {{b}} for $& here'\necho s:a . '{\"x\":\"y\"}'\n"
    )
  })

  it("leaves the braces of dictionaries and lambdas alone", () => {
    const script = "call map([], {_, part -> #{name: {}}})\n"
    assert.strictEqual(fillScript([script], {}), script)
  })

  it.each([
    ["a name that has no value", "echo {{nobody}}", {}, /asks for "nobody"/],
    ["a value that has no place", "echo 1", { path: "x" }, /asks for path/],
    ["a name of an object's own", "echo {{constructor}}", {}, /asks for "constructor"/]
  ])("is not filled with %s", (_, script, values, message) => {
    assert.throws(() => fillScript([script], values), message)
  })
})
