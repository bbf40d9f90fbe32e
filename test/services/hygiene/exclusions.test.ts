import { assert, describe, it } from "@effect/vitest"
import { excludedAuthors, isAuthor, readAuthors } from "../../../services/hygiene/excluded-authors.ts"
import { excludedPaths, faultOfGlob } from "../../../services/hygiene/excluded-paths.ts"

describe("paths", () => {
  it.each([
    ["docs/", "docs/a.md", true],
    ["docs/", "src/docs/a.md", true],
    ["/docs/", "src/docs/a.md", false],
    ["*.gen.ts", "src/a.gen.ts", true],
    ["*.gen.ts", "src/a.GEN.ts", false],
    ["src/**/b.py", "src/x/y/b.py", true],
    ["src/*.py", "src/x/b.py", false],
    ["[ab].py", "a.py", true],
    ["[!ab].py", "c.py", true],
    ["a b.py", "a b.py", true],
    ["docs", "docs/deep/ü.py", true]
  ])("of %s: %s is left out: %s", (glob, path, is) => assert.strictEqual(excludedPaths([glob])(path), is))

  it("are taken back by a later glob, and none is left out without one", () => {
    const isExcluded = excludedPaths(["*.py", "!keep.py"])
    assert.isTrue(isExcluded("a/b.py"))
    assert.isFalse(isExcluded("a/keep.py"))
    assert.isFalse(excludedPaths([])("a.py"))
  })

  it.each([
    ["docs/", undefined],
    ["[a-z]?.py", undefined],
    ["[]a].py", undefined],
    ["\\[a.py", undefined],
    ["src/[", /\[ has no \]/],
    ["[z-a].py", /reversed/],
    ["a{b,c}", /two globs/],
    ["#a", /comment/],
    ["a\\", /nothing follows/],
    ["!", /fits nothing/],
    ["", /fits nothing/]
  ])("a glob %j has a fault: %s", (glob, fault) => {
    if (fault === undefined) assert.isUndefined(faultOfGlob(glob))
    else assert.match(faultOfGlob(glob) ?? "", fault)
  })
})

describe("authors", () => {
  it.each([
    [["ann@mail.org"], "Ann@Mail.org", true],
    [["ann@mail.org"], "joann@mail.org", false],
    [["@mail.org"], "ann@mail.org", true],
    [["@mail.org"], "ann@eu.mail.org", true],
    [["@mail.org"], "ann@notmail.org", false],
    [["@mail.org"], "", false],
    [[], "ann@mail.org", false]
  ])("of %j: %s is left out: %s", (list, address, is) => assert.strictEqual(excludedAuthors(list)(address), is))

  it("are read one a line, with names and comments", () => {
    const list = "# opted out\r\nann@mail.org\n\nBob Smith <bob@x.io>  # asked by mail\n@corp.com\n"
    assert.deepStrictEqual(readAuthors(list), ["ann@mail.org", "bob@x.io", "@corp.com"])
    assert.strictEqual(readAuthors("ann@mail.org\nBob\n"), 2)
    assert.deepStrictEqual(readAuthors(""), [])
  })

  it.each([["ann@mail.org", true], ["@corp.com", true], ["ann", false], ["a@b@c", false], ["@", false]])(
    "%s is one: %s",
    (text, is) => assert.strictEqual(isAuthor(text), is)
  )
})
