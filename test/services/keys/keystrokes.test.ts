import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import {
  characterOfKey,
  keysOfText,
  type Keystrokes,
  parseKeys,
  parseKeysLeniently,
  printKeys
} from "../../../services/keys/keystrokes.ts"

/** Every key that has a name, and some that stand for themselves. */
const named = [
  ..."<Esc> <CR> <Tab> <lt> <Nul> <S-Tab> <BS> <Del> <Up> <S-Left> <C-Right> <PageDown> <F1> <F12>".split(" "),
  ...Array.from("abcdefghjklnopqrstuvwxyz\\]^_", (letter) => `<C-${letter}>`)
]
const keystrokes = FastCheck.array(FastCheck.oneof(
  FastCheck.constantFrom(...named),
  FastCheck.constantFrom(...Array.from("dw>.\"{}|\\:/")),
  FastCheck.fullUnicode().filter((character) => character.charCodeAt(0) >= 32 && character !== "<")
))

describe("keys", () => {
  it.prop("are read as they are written", { keystrokes }, ({ keystrokes }) => {
    assert.deepStrictEqual(parseKeys(printKeys(keystrokes)), Either.right<Keystrokes>(keystrokes))
  })

  it.prop(
    "have one spelling: what is read is written the same",
    { text: FastCheck.fullUnicodeString() },
    ({ text }) => {
      const read = parseKeys(text)
      if (Either.isRight(read)) assert.strictEqual(printKeys(read.right), text)
    }
  )

  it.prop("read leniently become canonical, and stay so", { text: FastCheck.fullUnicodeString() }, ({ text }) => {
    const canonical = printKeys(parseKeysLeniently(text))
    assert.strictEqual(printKeys(Either.getOrThrow(parseKeys(canonical))), canonical)
  })

  it.prop("type a text character by character", { text: FastCheck.fullUnicodeString() }, ({ text }) => {
    const plain = text.replaceAll("\0", "").replaceAll("\n", "\r")
    assert.strictEqual(keysOfText(plain).map(characterOfKey).join(""), plain)
  })

  it("name each control character once", () => {
    const characters = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join("")
    const keys = keysOfText(characters)
    // A line end is typed with the key that a keyboard has for it.
    assert.strictEqual(new Set(keys).size, 31)
    for (const key of keys) assert.isTrue(Either.isRight(parseKeys(key)), key)
  })

  it.each([
    ["ihello world\\033:wq\\n", "ihello world<Esc>:wq<CR>"],
    ["A, world!{esc}", "A, world!<Esc>"],
    ["ct evening{Esc}", "ct evening<Esc>"],
    ["\\x1bdd", "<Esc>dd"],
    ["i\u001b:x\r", "i<Esc>:x<CR>"],
    ["<esc><ENTER><c-V><C-[><space>", "<Esc><CR><C-v><Esc> "],
    ["i<div>{x}<Esc>", "i<lt>div>{x}<Esc>"],
    ["a\nb", "a<CR>b"],
    [">><<", ">><lt><lt>"],
    [":s/\\w/\\\\/", ":s/\\w/\\\\/"]
  ])("%j is read leniently as %s", (text, canonical) => {
    assert.strictEqual(printKeys(parseKeysLeniently(text)), canonical)
  })

  it.each([
    ["ia<b", 2, "<lt>"],
    ["<esc>", 0, "<esc>"],
    ["ab\u001b", 2, "<Esc>"],
    ["a\nb", 1, "<C-j>"],
    ["a\0", 1, "<Nul>"]
  ])("%j is refused where it is none", (text, offset, hint) => {
    const read = parseKeys(text)
    assert.isTrue(Either.isLeft(read))
    if (Either.isLeft(read)) {
      assert.strictEqual(read.left.offset, offset)
      assert.include(read.left.detail, hint)
    }
  })

  it("keep escapes as literal text in the canonical notation", () => {
    assert.deepStrictEqual(Either.getOrThrow(parseKeys(":s/\\n/x\\033/{esc}")).length, 17)
  })
})
