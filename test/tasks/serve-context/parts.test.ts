import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { makeDocuments } from "../../../tasks/serve-context/documents.ts"
import { type Frame, makeFramer, renderFrame } from "../../../tasks/serve-context/framing.ts"
import { cursorOf, offsetAt, offsetOf } from "../../../tasks/serve-context/place.ts"
import { inStableOrder } from "../../../tasks/serve-context/prompt.ts"
import { readMessages } from "../../../tasks/serve-context/protocol.ts"

describe("framing", () => {
  const message = FastCheck.record({
    text: FastCheck.fullUnicodeString({ maxLength: 40 }),
    isLine: FastCheck.boolean()
  })

  it.prop("messages come out as they went in, wherever the bytes are cut", {
    messages: FastCheck.array(message, { maxLength: 8 }),
    sizes: FastCheck.array(FastCheck.integer({ min: 1, max: 30 }), { minLength: 1 })
  }, ({ messages, sizes }) => {
    const bytes = Buffer.from(
      messages.map(({ isLine, text }) => renderFrame({ text }, isLine ? "lines" : "headers")).join("")
    )
    const framer = makeFramer()
    const frames: Array<Frame> = []
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1
      frames.push(...framer.push(bytes.subarray(at, at + size)))
      at += size
    }
    frames.push(...framer.end())
    assert.deepStrictEqual(
      frames.map((frame) => frame._tag === "text" ? [JSON.parse(frame.text).text, frame.framing] : frame),
      messages.map(({ isLine, text }) => [text, isLine ? "lines" : "headers"])
    )
  })

  it("lines are ASCII, so that a client may tear them anywhere", () => {
    assert.strictEqual(renderFrame({ a: "ü€😀\u007f" }, "lines"), "{\"a\":\"\\u00fc\\u20ac\\ud83d\\ude00\\u007f\"}\n")
  })

  it("what is damaged is told, and what comes behind it is read", () => {
    const framer = makeFramer()
    const frames = framer.push(Buffer.concat([
      Buffer.from([0xff, 0xfe, 10]),
      Buffer.from(
        "Content-Length: nonsense\r\n\r\n{}\n\r\n  \n{\"a\":1}\nContent-Length: 2\r\nContent-Type: x\r\n\r\n[]last"
      )
    ]))
    assert.deepStrictEqual(
      [...frames, ...framer.end()].map((frame) => frame._tag === "text" ? frame.text : frame.detail),
      [
        "the message is not UTF-8",
        "the header has no usable Content-Length",
        "{}",
        "  ",
        "{\"a\":1}",
        "[]",
        "last"
      ]
    )
    const cut = makeFramer()
    cut.push(Buffer.from("Content-Length: 10\r\n\r\n123"))
    assert.strictEqual(cut.end()[0]?._tag, "damaged")
  })
})

it("a message is a request, a notification, an answer, or not valid", () => {
  const tags = (text: string) => readMessages(text).messages.map((one) => one._tag === "invalid" ? one.code : one._tag)
  assert.deepStrictEqual(tags("{\"id\":1,\"method\":\"a\"}"), ["request"])
  assert.deepStrictEqual(tags("{\"method\":\"a\",\"params\":[]}"), ["notification"])
  assert.deepStrictEqual(tags("{\"id\":1,\"result\":null}"), ["response"])
  assert.deepStrictEqual(tags("[{\"id\":1,\"method\":\"a\"},3,[]]"), ["request", -32600, -32600])
  assert.deepStrictEqual(tags("[]"), [-32600])
  assert.deepStrictEqual(tags("{\"id\":{},\"method\":\"a\"}"), [-32600])
  assert.deepStrictEqual(tags("{\"id\":1,\"method\":7}"), [-32600])
  assert.deepStrictEqual(tags("{\"id\":1,\"method\":\"a\",\"params\":3}"), [-32600])
  assert.deepStrictEqual(tags("null"), [-32600])
  assert.deepStrictEqual(tags("nope"), [-32700])
  assert.deepStrictEqual(tags(`${"[".repeat(100_000)}`), [-32700])
  assert.deepStrictEqual(tags(`${"[".repeat(100_000)}${"]".repeat(100_000)}`), [-32600])
})

describe("places", () => {
  const text = FastCheck.array(FastCheck.constantFrom("a", "ü", "€", "😀", "\n", "\r\n", " "), { maxLength: 30 })
    .map((parts) => parts.join(""))

  it.prop("an offset counted in any encoding is the same place", {
    text,
    share: FastCheck.double({ min: 0, max: 1, noNaN: true })
  }, ({
    share,
    text
  }) => {
    const points = [...text]
    const before = points.slice(0, Math.floor(points.length * share)).join("")
    assert.strictEqual(offsetOf(text, Buffer.byteLength(before), "utf-8"), before.length)
    assert.strictEqual(offsetOf(text, [...before].length, "utf-32"), before.length)
    assert.strictEqual(offsetOf(text, before.length, "utf-16"), before.length)
    const lines = before.split("\n")
    if (before.endsWith("\r")) return
    const position = { line: lines.length - 1, character: (lines.at(-1) ?? "").length }
    assert.strictEqual(offsetAt(text, position, "utf-16"), before.length)
  })

  it("what lies inside of a character or outside of the text is set to where it can be", () => {
    assert.strictEqual(offsetOf("a😀b", 2, "utf-16"), 1)
    assert.strictEqual(offsetOf("aüb", 2, "utf-8"), 1)
    for (const encoding of ["utf-8", "utf-16", "utf-32"] as const) {
      assert.strictEqual(offsetOf("abc", 99, encoding), 3)
      assert.strictEqual(offsetOf("abc", -5, encoding), 0)
      assert.strictEqual(offsetOf("abc", Number.NaN, encoding), 0)
    }
    assert.strictEqual(offsetAt("ab\r\ncd", { line: 0, character: 99 }, "utf-16"), 2)
    assert.strictEqual(offsetAt("ab\r\ncd", { line: 9, character: 0 }, "utf-16"), 6)
    assert.strictEqual(cursorOf("abcd", {}), 2)
    assert.strictEqual(cursorOf("üü", { cursor_offset: 2 }), 1)
  })
})

it.prop("a document follows its edits as a string would", {
  edits: FastCheck.array(
    FastCheck.tuple(FastCheck.nat(20), FastCheck.nat(6), FastCheck.constantFrom("x", "\n", "ü", "", "ab\ncd"))
  )
}, ({ edits }) => {
  const documents = makeDocuments(() => "utf-16")
  const pathOf = (uri: string) => uri.slice(8)
  const follow = (method: string, params: unknown) => Effect.runSync(documents.follow(method, params, pathOf))
  let text = "one\ntwo\nthree\n"
  follow("textDocument/didOpen", { textDocument: { uri: "file:///a", text } })
  const positionOf = (offset: number) => {
    const lines = text.slice(0, offset).split("\n")
    return { line: lines.length - 1, character: (lines.at(-1) ?? "").length }
  }
  for (const [at, length, inserted] of edits) {
    const start = Math.min(at, text.length)
    const end = Math.min(start + length, text.length)
    const range = { start: positionOf(start), end: positionOf(end) }
    text = text.slice(0, start) + inserted + text.slice(end)
    const change = { textDocument: { uri: "file:///a" }, contentChanges: [{ range, text: inserted }] }
    follow("textDocument/didChange", change)
    assert.strictEqual(documents.texts.get("a"), text)
  }
  follow("textDocument/didClose", { textDocument: { uri: "file:///a" } })
  assert.isFalse(documents.texts.has("a"))
})

it("what a model's server has read stays where it was, new files come last", () => {
  const file = (filename: string, text = filename) => ({ filename, text })
  const before = [file("a"), file("b"), file("c")]
  assert.deepStrictEqual(inStableOrder([file("d"), file("c"), file("a")], before), [file("a"), file("c"), file("d")])
  assert.deepStrictEqual(inStableOrder([file("b", "changed"), file("c")], before), [file("c"), file("b", "changed")])
})
