import { assert, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import {
  countLines,
  endOfLine,
  isInsideCharacter,
  isInsideIdentifier,
  lineAt,
  lineStartsOf,
  startOfLine,
  trimSpan,
  utf8Length
} from "../../../services/text/span.ts"

const encoder = new TextEncoder()
const text = FastCheck.string({ unit: FastCheck.constantFrom("a", "\n", "\r\n", "é", "漢", "🙂", " ", "\t", "\ud800") })

it.prop("utf8Length is the length of the encoded text", { text }, ({ text }) => {
  assert.strictEqual(utf8Length(text), encoder.encode(text).length)
})

it.prop("lineAt finds the line that holds an offset", { text, at: FastCheck.nat(200) }, ({ at, text }) => {
  const offset = Math.min(at, text.length)
  const starts = lineStartsOf(text)
  assert.strictEqual(starts[lineAt(starts, offset)], startOfLine(text, offset))
  assert.notInclude(text.slice(startOfLine(text, offset), offset), "\n")
  assert.isTrue(endOfLine(text, offset) === text.length || text[endOfLine(text, offset)] === "\n")
})

it.prop("trimSpan takes all white space and nothing else", { text }, ({ text }) => {
  const { end, start } = trimSpan(text, { start: 0, end: text.length })
  assert.strictEqual(text.slice(start, end), text.trim())
})

it("countLines counts touched lines", () => {
  assert.deepStrictEqual(["", "a", "a\n", "a\nb", "a\nb\n\n"].map(countLines), [1, 1, 1, 2, 3])
})

it("sees the inside of identifiers and characters", () => {
  assert.isTrue(isInsideIdentifier("foo bar", 1))
  assert.isFalse(isInsideIdentifier("foo bar", 3))
  assert.isTrue(isInsideIdentifier("naïve", 3))
  assert.isTrue(isInsideCharacter("a🙂", 2))
  assert.isTrue(isInsideCharacter("a\r\nb", 2))
  assert.isFalse(isInsideCharacter("a\nb", 1))
})
