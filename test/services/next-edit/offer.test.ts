import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import type { EditMoment } from "../../../services/next-edit/example.ts"
import { offerOf } from "../../../services/next-edit/offer.ts"

const momentOf = (text: string, before = text): EditMoment => ({
  file: { path: "a.py", text },
  cursor: 0,
  events: before === text ? [] : [{ path: "a.py", before, after: text }],
  related: [],
  ancestors: []
})
const shownOf = (text: string) => ({ prompt: "", system: null, region: { start: 0, end: text.length } })

describe("what an editor is offered", () => {
  const text = FastCheck.array(FastCheck.constantFrom("a", "\r\n", "\n", "😀", "😁", "é", " = "), { maxLength: 20 })
    .map((parts) => parts.join(""))

  it.prop(
    "is a replacement that leads to what the model wants, and splits no character",
    [text, text],
    ([from, to]) => {
      const offer = offerOf(momentOf(from), shownOf(from), { _tag: "edit", text: to, cursor: null })
      if (from === to) return assert.deepStrictEqual(offer, { _tag: "none", reason: "no edit" })
      if (offer._tag === "none") return assert.fail(offer.reason)
      const { range: { end, start } } = offer
      assert.strictEqual(from.slice(0, start) + offer.text + from.slice(end), to)
      for (const at of [start, end]) {
        assert.isFalse(/[\ud800-\udbff]$/.test(from.slice(0, at)) && /^[\udc00-\udfff]/.test(from.slice(at)))
        assert.isFalse(from[at - 1] === "\r" && from[at] === "\n")
      }
    }
  )

  it("is nothing where the model has nothing to do, or answers what nobody can read", () => {
    const moment = momentOf("a = 1\n")
    assert.deepStrictEqual(offerOf(moment, shownOf("a = 1\n"), { _tag: "no edit" }), {
      _tag: "none",
      reason: "no edit"
    })
    assert.deepStrictEqual(
      offerOf(moment, shownOf("a = 1\n"), { _tag: "unreadable", reason: "cut off" }),
      { _tag: "none", reason: "unreadable answer" }
    )
  })

  it("is nothing where the model takes back what the user has just typed", () => {
    const [before, now] = ["def f(a):\n", "def f(a, b):\n"]
    const moment = momentOf(now, before)
    assert.deepStrictEqual(
      offerOf(moment, shownOf(now), { _tag: "edit", text: before, cursor: null }),
      { _tag: "none", reason: "takes back what was just done" }
    )
    assert.strictEqual(
      offerOf(moment, shownOf(now), { _tag: "edit", text: "def f(a, b, c):\n", cursor: 13 })._tag,
      "offer"
    )
  })
})
