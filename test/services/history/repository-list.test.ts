import { posix } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import { parseRepositoryList } from "../../../services/history/repository-list.ts"
import { randomOf } from "../../../services/text/random.ts"

const resolve = (path: string) => posix.resolve("/lists", path)
const parse = (text: string) => parseRepositoryList(text, resolve)
const listed = (text: string) => Either.getOrThrow(parse(text)).map(({ location, rev }) => [location, rev])

describe("a list of repositories", () => {
  it("holds paths and URLs, with revisions, comments and what blanks are in", () =>
    assert.deepStrictEqual(
      listed(
        "\ufeff# mine\r\n../flask\r\n\r\n  https://github.com/spf13/cobra\tv1.8.0   # the last one\r\n" +
          "\"my shop\" 'HEAD@{2 weeks ago}'\r\n/srv/it's#1 main#2\rgit@github.com:a/b.git\n./c:d"
      ),
      [
        ["/flask", null],
        ["https://github.com/spf13/cobra", "v1.8.0"],
        ["/lists/my shop", "HEAD@{2 weeks ago}"],
        ["/srv/it's#1", "main#2"],
        ["git@github.com:a/b.git", null],
        ["/lists/c:d", null]
      ]
    ))

  it.each([["", "empty"], ["\n\r\n  \n# only this\n", "comments"]])(
    "may name none: %#",
    (text) => assert.deepStrictEqual(listed(text), [])
  )

  it.each([
    ["a b c", 1, /3 words/],
    ["# x\n\na 'b", 3, /quote/],
    ["\"a\"b", 1, /quote/],
    ["a\n''", 2, /quote/],
    ["a\n\nb\0c", 3, /character/],
    ["a\rb\nc\u001b[31m", 3, /character/],
    ["a\nb\n./x/../a/", 3, /"\.\/x\/\.\.\/a\/" stands in line 1 already/],
    ["https://ada:secret@github.com/a/b\ngit@GitHub.com:a/b.git main", 2, /stands in line 1 already/],
    ["file:///x\n\nfile:///x/", 3, /stands in line 1 already/]
  ])("is refused by its line: %#", (text, line, detail) => {
    const bad = Either.flip(parse(text)).pipe(Either.getOrThrow)
    assert.strictEqual(bad.line, line)
    assert.match(bad.detail, detail)
  })

  it("shows no password", () => {
    const bad = Either.getOrThrow(Either.flip(parse("https://ada:secret@host/a\nhttps://ada:secret@host/a\n")))
    assert.notInclude(bad.detail, "secret")
  })

  it("says the same however its lines are laid out", () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = randomOf("list", seed)
      const pick = <A>(values: readonly [A, ...ReadonlyArray<A>]): A => random.pick(values) ?? values[0]
      const count = random.below(8)
      const expected: Array<[string, string | null]> = []
      let text = pick(["", "\ufeff"])
      for (let number = 0; number < count; number++) {
        const location = pick(["/a", "https://host/o/a", "ssh://u@host:22/a", "/with blank "]) + number
        const rev = pick(["", "main", "v1.0~2", ":/fix it", "@{1 day ago}"])
        const quoted = (value: string) => / /.test(value) ? pick([`"${value}"`, `'${value}'`]) : value
        const blank = () => pick([" ", "\t", "  \t "])
        text += pick(["", "\n", "# note 'x\n", "\t\r\n"]) + pick(["", " ", "\t"]) + quoted(location) +
          (rev === "" ? "" : blank() + quoted(rev)) + pick(["", " ", " # said \"so", "\t#"]) +
          (number < count - 1 ? pick(["\n", "\r\n", "\r"]) : pick(["", "\n", "\r\n"]))
        expected.push([location, rev === "" ? null : rev])
      }
      assert.deepStrictEqual(listed(text), expected, JSON.stringify(text))
    }
  })
})
