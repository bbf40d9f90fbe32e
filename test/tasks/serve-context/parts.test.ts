import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { TextDocument } from "vscode-languageserver-textdocument"
import { makeDocuments } from "../../../tasks/serve-context/documents.ts"
import { type Frame, makeFramer, renderFrame } from "../../../tasks/serve-context/framing.ts"
import { cursorOf, offsetAt, type OffsetEncoding, offsetOf } from "../../../tasks/serve-context/place.ts"
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
  assert.deepStrictEqual(tags("{\"method\":\"a\",\"params\":null}"), ["notification"])
  assert.deepStrictEqual(tags("{\"method\":\"a\",\"params\":3}"), ["notification"])
  assert.deepStrictEqual(tags("{\"id\":1,\"method\":\"a\",\"params\":null}"), ["request"])
  assert.deepStrictEqual(tags("{\"id\":null,\"method\":\"a\"}"), ["request"])
  assert.deepStrictEqual(tags("{\"id\":null,\"method\":\"exit\",\"params\":null}"), ["notification"])
  assert.deepStrictEqual(tags("{\"error\":{\"code\":-32600,\"message\":\"\"}}"), ["response"])
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
  const text = FastCheck.array(FastCheck.constantFrom("a", "ü", "€", "😀", "\n", "\r\n", "\r", " "), { maxLength: 30 })
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
    // Between "\r" and "\n" there is no place.
    if (before.endsWith("\r") && text[before.length] === "\n") return
    const lines = before.split(/\r\n|\r|\n/)
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

describe("documents", () => {
  const opened = (text: string, encoding: OffsetEncoding = "utf-16") => {
    const documents = makeDocuments(() => encoding)
    const follow = (method: string, params: object) =>
      Effect.runSync(
        documents.follow(`textDocument/${method}`, { textDocument: { uri: "file:///a" }, ...params }, () => "a")
      )
    follow("didOpen", { textDocument: { uri: "file:///a", text, version: 1 } })
    const change = (...contentChanges: ReadonlyArray<unknown>) => {
      follow("didChange", { contentChanges })
      return documents.texts.get("a")
    }
    return { change, follow, texts: documents.texts }
  }
  const range = (line: number, character: number, endLine: number, endCharacter: number) => ({
    start: { line, character },
    end: { line: endLine, character: endCharacter }
  })
  const pieces = FastCheck.array(FastCheck.constantFrom("a", "ü", "😀", "\n", "\r", "\r\n", "b c"), { maxLength: 12 })
    .map((parts) => parts.join(""))
  const position = FastCheck.record({ line: FastCheck.nat(6), character: FastCheck.nat(8) })

  it.prop("follow every edit as the library does that servers for VS Code are written with", {
    text: pieces,
    edits: FastCheck.array(FastCheck.record({
      range: FastCheck.option(FastCheck.record({ start: position, end: position })),
      text: pieces
    }))
  }, ({ edits, text }) => {
    const { change } = opened(text)
    let expected = text
    for (const { range, text } of edits) {
      const edit = range === null ? { text } : { range, text }
      // A new one each time: after an edit that is out of bounds, it takes lines to be where they are not.
      const model = TextDocument.create("file:///a", "python", 1, expected)
      expected = TextDocument.update(model, [edit], 2).getText()
      assert.strictEqual(change(edit), expected)
    }
  })

  const edits: ReadonlyArray<
    readonly [what: string, text: string, change: object, after: string, encoding: OffsetEncoding | null]
  > = [
    ["behind a lone \\r", "a\rb\rc", { range: range(2, 0, 2, 1), text: "x" }, "a\rb\rx", null],
    ["between lone ones of both kinds", "a\r\rb\n\nc", { range: range(4, 0, 4, 0), text: "x" }, "a\r\rb\n\nxc", null],
    ["across a \\r\\n", "a\r\nb", { range: range(0, 1, 1, 0), text: "" }, "ab", null],
    ["past a line's end, before its \\r\\n", "a\r\nb", { range: range(0, 9, 0, 9), text: "x" }, "ax\r\nb", null],
    ["past the last line", "a\nb", { range: range(9, 9, 9, 9), text: "x" }, "a\nbx", null],
    ["on the line behind the last line end", "a\r", { range: range(1, 0, 1, 0), text: "x" }, "a\rx", null],
    ["with its ends turned round", "abcd", { range: range(0, 3, 0, 1), text: "x" }, "axd", null],
    ["of half a pair", "a\ud83d\ude00b", { range: range(0, 2, 0, 3), text: "\ude01" }, "a\ud83d\ude01b", null],
    ["in bytes", "ü😀b\rx", { range: range(0, 2, 0, 6), text: "y" }, "üyb\rx", "utf-8"],
    ["inside the bytes of a character", "ü😀b", { range: range(0, 1, 0, 4), text: "y" }, "y😀b", "utf-8"],
    ["in characters", "ü😀b", { range: range(0, 1, 0, 2), text: "y" }, "üyb", "utf-32"],
    ["that is all of the text", "a\rb", { text: "whole" }, "whole", null],
    ["whose range is null", "a\rb", { range: null, text: "whole" }, "whole", null]
  ]
  it.each(edits)("take an edit %s", (_, text, change, after, encoding) => {
    assert.strictEqual(opened(text, encoding ?? "utf-16").change(change), after)
  })

  it("take the edits of one change, and changes, in the order in which they come, whatever their versions", () => {
    const { change, follow, texts } = opened("a\rb")
    const inserted = (text: string) => ({ range: range(1, 0, 1, 0), text })
    assert.strictEqual(change(inserted("1"), { text: "new\rtext" }, inserted("2\r"), inserted("3")), "new\r32\rtext")
    for (const version of [9, 3, null]) {
      follow("didChange", {
        textDocument: { uri: "file:///a", version },
        contentChanges: [{ range: range(0, 0, 0, 3), text: String(version) }]
      })
    }
    assert.strictEqual(texts.get("a"), "null\r32\rtext")
    follow("didClose", {})
    assert.isFalse(texts.has("a"))
    assert.isUndefined(change(inserted("x")))
  })
})

it("what a model's server has read stays where it was, new files come last", () => {
  const file = (filename: string, text = filename) => ({ filename, text })
  const before = [file("a"), file("b"), file("c")]
  assert.deepStrictEqual(inStableOrder([file("d"), file("c"), file("a")], before), [file("a"), file("c"), file("d")])
  assert.deepStrictEqual(inStableOrder([file("b", "changed"), file("c")], before), [file("c"), file("b", "changed")])
})
