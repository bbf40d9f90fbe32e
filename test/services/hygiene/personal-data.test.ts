import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { maskPersonalData, personalDataIn } from "../../../services/hygiene/personal-data.ts"

const found = (text: string) => personalDataIn(text).map(({ kind, text }) => `${kind} ${text}`)

describe("personal data", () => {
  it.each([
    ["# Author: Ann Lee <ann.lee+dev@mail.co.uk>", ["e-mail ann.lee+dev@mail.co.uk"]],
    ["mailto:bob@corp.io. And (eve@corp.io)", ["e-mail bob@corp.io", "e-mail eve@corp.io"]],
    ["7+ann@users.noreply.github.com", ["e-mail 7+ann@users.noreply.github.com"]],
    ["host = \"93.184.216.34\"", ["IP address 93.184.216.34"]],
    ["call +49 30 1234 5678 or +1 (415) 867-5309 now", ["phone number +49 30 1234 5678"]],
    ["tel:+44-20-7946-0958", ["phone number +44-20-7946-0958"]],
    ["Fax: (415) 867-5309", ["phone number (415) 867-5309"]]
  ])("%j is found", (text, wanted) => assert.includeMembers(found(text), wanted))

  it.each([
    ["ann@example.com, a@b.example.org, x@y.test, me@localhost"],
    ["git@github.com:a/b.git"],
    ["postgres://ann:word@db.corp.io/x"],
    ["https://ann@corp.io/x"],
    ["icon@2x.png, lodash@4.17.21, @app.route(\"/\"), a@b.T, x = a @ b.c"],
    ["w = x@weights.dot(y)"],
    ["127.0.0.1 10.1.2.3 192.168.0.12 172.20.1.1 192.0.2.17 203.0.113.99 0.0.0.0 255.255.255.255"],
    ["1.2.3.4, 8.8.8.8, v10.20.30.40, 1.2.3.4.50, 300.20.10.11"],
    ["a + 12 - 34 - 56, +1234567890, 2024-01-02 10:20, x[+1]"],
    ["+1-202-555-0123, (202) 555-0199"]
  ])("%j holds none", (text) => assert.deepStrictEqual(found(text), []))
})

const datum = FastCheck.oneof(
  FastCheck.stringMatching(/^[a-z]{1,8}\.[a-z]{1,8}@[a-z]{3,9}\.(?:org|net|io)$/),
  FastCheck.tuple(FastCheck.integer({ min: 11, max: 99 }), FastCheck.nat(255)).map(([a, b]) => `${a}.77.${b}.55`),
  FastCheck.stringMatching(/^\+49 30 [1-9]\d{3} \d{4}$/)
)
const text = FastCheck.array(
  FastCheck.oneof(datum, FastCheck.constantFrom("x = f(a)", "// by", "person1@example.com", "192.0.2.1", "é")),
  { maxLength: 12 }
).map((words) => words.join(" \n"))
const texts = FastCheck.array(text, { minLength: 1, maxLength: 3 })

describe("masking", () => {
  it("leaves no personal data, and finds nothing more to do", () =>
    FastCheck.assert(FastCheck.property(texts, (texts) => {
      const once = maskPersonalData(texts)
      assert.deepStrictEqual(once.texts.flatMap(personalDataIn), [])
      assert.deepStrictEqual(maskPersonalData(once.texts), { texts: once.texts, masked: 0 })
      assert.strictEqual(once.masked, texts.flatMap(personalDataIn).length)
    })))

  it("changes nothing else: between the places, all stays", () =>
    FastCheck.assert(FastCheck.property(texts, (texts) => {
      const { texts: masked } = maskPersonalData(texts)
      for (const [index, text] of texts.entries()) {
        let rest = masked[index]!
        let at = 0
        for (const { span } of personalDataIn(text)) {
          const kept = text.slice(at, span.start)
          assert.isTrue(rest.startsWith(kept))
          rest = rest.slice(kept.length).replace(/^(?:person\d+@example\.com|192\.0\.2\.\d+|\+1-202-555-01\d\d)/, "")
          at = span.end
        }
        assert.strictEqual(rest, text.slice(at))
      }
    })))

  it("tells one from another, in all texts of a row", () => {
    const { texts } = maskPersonalData(["to ann@corp.io, bob@corp.io", "from Bob@corp.io person1@example.com"])
    assert.deepStrictEqual(texts, [
      "to person2@example.com, person3@example.com",
      "from person3@example.com person1@example.com"
    ])
  })

  it("is done with long texts of one word or of many signs before the test's time is over", () => {
    for (const sign of ["a", "@", "1.", "+1 ", "a@", "//"]) {
      assert.deepStrictEqual(personalDataIn(sign.repeat(2 ** 20 / sign.length)), [])
    }
  })
})
