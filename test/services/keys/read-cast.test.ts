import { assert, describe, it } from "@effect/vitest"
import { renderCast } from "../../../services/keys/cast.ts"
import { readCast } from "../../../services/keys/read-cast.ts"

const request = {
  columns: 80,
  rows: 20,
  interval: 0.12,
  start: "start",
  frames: [{ key: "x", drawn: "one" }, { key: "y", drawn: "two" }]
}

describe("readCast", () => {
  it.each([2, 3] as const)("reads what renderCast writes, in version %d", (version) => {
    const cast = readCast(renderCast({ ...request, version }))
    assert.deepStrictEqual([cast?.columns, cast?.rows], [80, 20])
    assert.deepStrictEqual(cast?.events.slice(0, 3).map(({ drawn }) => drawn), ["start", "one", "two"])
    assert.deepStrictEqual(cast?.events.map(({ wait }) => Math.round(wait * 100) / 100), [0, 0.12, 0.12, 1])
  })

  it("skips what is no event, and lets nothing through that outlives a drawing", () => {
    const lines = [
      "{\"version\":2,\"width\":10,\"height\":5}",
      "[0.5,\"o\",\"a\\u001b]52;c;eA==\\u0007b\\u001b[?1000h\"]",
      "no JSON",
      "[\"x\",\"o\",\"c\"]",
      "[0.2,\"o\",\"d\"]",
      "[1,\"i\",\"e\"]"
    ]
    const cast = readCast(lines.join("\n"))
    assert.deepStrictEqual(cast?.events.map(({ wait }) => wait), [0.5, 0])
    const sent = cast?.events.map(({ drawn }) => drawn).join("") ?? ""
    assert.notInclude(sent, "\u001b")
    assert.match(sent, /^a.*bd$/)
  })

  it.each(["", "[]", "{\"version\":1,\"width\":1,\"height\":1}", "{\"version\":2}", "{\"prompt\":\"x\"}"])(
    "takes %j for no recording",
    (text) => assert.isUndefined(readCast(text))
  )
})
