import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { bandBytes, comparedText, signatureBytes, signatureOf } from "../../../services/hygiene/min-hash.ts"
import { fewestEqualBytes, makeNearDuplicates } from "../../../services/hygiene/near-duplicates.ts"
import { orderOf } from "../../../services/hygiene/radix-order.ts"
import { gramHash, wordsOf } from "../../../services/hygiene/words.ts"
import type { Side } from "../../../services/history/split.ts"
import { fingerprint, randomOf } from "../../../services/text/random.ts"

interface Row {
  readonly id: string
  readonly side: Side
  readonly signature: Uint8Array
}

const nearDuplicatesOf = (rows: ReadonlyArray<Row>) => {
  const gatherer = makeNearDuplicates()
  for (const { id, side, signature } of rows) gatherer.add(id, side, signature)
  return gatherer.result()
}

/** The rows that stay, as a set without order. */
const staying = (rows: ReadonlyArray<Row>) => {
  const { reasonAgainst } = nearDuplicatesOf(rows)
  return [
    ...new Set(
      rows.filter(({ id, side }) => reasonAgainst(id, side) === undefined).map(({ id, side }) => `${id} ${side}`)
    )
  ].sort()
}

/** Signatures of few values near a few common ones, so that bands and signatures are often equal. */
const signature = FastCheck.tuple(
  FastCheck.constantFrom(0, 1),
  FastCheck.array(FastCheck.nat(signatureBytes - 1), { maxLength: 60 })
).map(([base, changed]) => {
  const bytes = new Uint8Array(signatureBytes).fill(base)
  for (const at of changed) bytes[at] = 2 + at % 3
  return bytes
})
const row: FastCheck.Arbitrary<Row> = FastCheck.record({
  id: FastCheck.nat(60).map((number) => fingerprint("row", number)),
  side: FastCheck.constantFrom<Side>("train", "train", "held"),
  signature
})
const rows = FastCheck.array(row, { maxLength: 40 })

const equalBytes = (a: Uint8Array, b: Uint8Array) => a.filter((byte, at) => byte === b[at]).length
const sharesBand = (a: Uint8Array, b: Uint8Array) =>
  Array.from({ length: signatureBytes / bandBytes }, (_, band) => band * bandBytes).some((from) =>
    a.subarray(from, from + bandBytes).every((byte, at) => byte === b[from + at])
  )

/** The rule, as slow as it is plain. */
const ruledOut = (all: ReadonlyArray<Row>) => {
  const found = [...all].sort((a, b) => a.id < b.id ? -1 : 1)
  const clusters = found.map((one) => new Set([one]))
  for (const [i, a] of found.entries()) {
    for (const [j, b] of found.entries()) {
      const [one, other] = [clusters[i]!, clusters[j]!]
      if (one === other || !sharesBand(a.signature, b.signature)) continue
      if (equalBytes(a.signature, b.signature) < fewestEqualBytes) continue
      for (const member of other) one.add(member)
      for (const [at, member] of found.entries()) if (one.has(member)) clusters[at] = one
    }
  }
  return found.filter((one, at) => {
    const members = found.filter((member) => clusters[at]!.has(member))
    return (members.find(({ side }) => side === "held") ?? members[0]) !== one
  })
}

const code = (seed: string, lines: number) => {
  const random = randomOf(seed)
  const names = ["request", "answer", "index", "count", "path", "line", "text", "node", "row", "key"]
  const name = () => `${random.pick(names)}${random.below(40)}`
  return Array.from({ length: lines }, () => `const ${name()} = ${name()}(${name()}, ${random.below(100)})\n`)
}

describe("near-duplicates", () => {
  it("are those of the rule, of which the held-out row stays or else the one of the lowest id", () =>
    FastCheck.assert(
      FastCheck.property(FastCheck.uniqueArray(row, { maxLength: 40, selector: ({ id }) => id }), (rows) => {
        const { besideHeld, reasonAgainst, leftOut } = nearDuplicatesOf(rows)
        const gone = ruledOut(rows)
        assert.sameMembers(rows.filter(({ id, side }) => reasonAgainst(id, side) !== undefined), gone)
        assert.strictEqual(leftOut.held + leftOut.train, gone.length)
        assert.isAtMost(besideHeld, leftOut.train)
      })
    ))

  it("are the same in any order, and however often a row comes", () =>
    FastCheck.assert(
      FastCheck.property(
        rows.chain((rows) =>
          FastCheck.tuple(
            FastCheck.constant(rows),
            FastCheck.shuffledSubarray([...rows, ...rows], { minLength: 2 * rows.length })
          )
        ),
        ([rows, shuffled]) => {
          assert.deepStrictEqual(staying(shuffled), staying(rows))
          assert.strictEqual(nearDuplicatesOf(shuffled).rows, nearDuplicatesOf(rows).rows)
        }
      )
    ))

  it("never take the last row of a cluster, nor a held-out row for one to train on", () =>
    FastCheck.assert(FastCheck.property(rows, (rows) => {
      const { clusters, reasonAgainst, leftOut, rows: distinct } = nearDuplicatesOf(rows)
      assert.isAtLeast(distinct - leftOut.train - leftOut.held, clusters)
      const hasHeld = rows.some(({ side }) => side === "held")
      assert.isTrue(rows.length === 0 || rows.some(({ id, side }) => reasonAgainst(id, side) === undefined))
      assert.isTrue(!hasHeld || rows.some(({ id, side }) => side === "held" && reasonAgainst(id, side) === undefined))
    })))

  it("are found where they were planted, and nothing among other rows", () => {
    const planted = Array.from({ length: 200 }, (_, number) => {
      const lines = code(`row ${number}`, 40)
      return [lines.join(""), lines.with(12, "return other\n").join("")].map((text, at) => ({
        id: fingerprint(number, at),
        side: "train" as const,
        signature: signatureOf(text)!
      }))
    })
    const { clusters, largest, leftOut } = nearDuplicatesOf(planted.flat())
    assert.deepStrictEqual({ clusters, largest, leftOut }, {
      clusters: 200,
      largest: 2,
      leftOut: { train: 200, held: 0 }
    })
    // Of those that are less alike, most: 92 % where four of five grams are shared.
    const found = Array.from({ length: 200 }, (_, number) => {
      const lines = code(`row ${number}`, 40)
      const twin = [...code(`other ${number}`, 4), ...lines.slice(4)]
      return nearDuplicatesOf([lines, twin].map((text, at) => ({
        id: fingerprint(number, at),
        side: "train" as const,
        signature: signatureOf(text.join(""))!
      }))).clusters
    })
    assert.isAtLeast(found.filter((clusters) => clusters === 1).length, 184)
  })

  it("of a band that very many rows share are found too", () => {
    const same = signatureOf(code("same", 20).join(""))!
    const rows = Array.from({ length: 3000 }, (_, number) => ({
      id: fingerprint(number),
      side: "train" as const,
      signature: same
    }))
    assert.strictEqual(nearDuplicatesOf(rows).leftOut.train, 2999)
  })
})

describe("a signature", () => {
  it("tells about how many grams two texts share", () => {
    const gramsOf = (text: string) => {
      const words = wordsOf(text)
      return new Set(Array.from({ length: words.count - 4 }, (_, at) => gramHash(words, at, 5)))
    }
    for (const changed of [2, 5, 10]) {
      const errors = Array.from({ length: 60 }, (_, number) => {
        const lines = code(`a ${number}`, 40)
        const other = [...code(`b ${number}`, changed), ...lines.slice(changed)]
        const [a, b] = [gramsOf(lines.join("")), gramsOf(other.join(""))]
        const shared = [...a].filter((gram) => b.has(gram)).length
        const equal = equalBytes(signatureOf(lines.join(""))!, signatureOf(other.join(""))!)
        return (equal / signatureBytes - 1 / 256) / (1 - 1 / 256) - shared / (a.size + b.size - shared)
      })
      // The error of one is 0.05 at most; of 60 the mean is within 0.02, three times its own error.
      assert.closeTo(errors.reduce((sum, error) => sum + error, 0) / errors.length, 0, 0.02)
    }
  })

  it("does not see white space and signs, and is none where there is no word", () => {
    assert.deepStrictEqual(signatureOf("if (a) {\n  b = c\n}"), signatureOf("if a: b = c"))
    assert.notDeepEqual(signatureOf("if a: b = c"), signatureOf("if a: b = d"))
    assert.isUndefined(signatureOf("  }\n});\n"))
    assert.isDefined(signatureOf("é"))
  })

  it("is of the completion and ten lines on each side", () => {
    const lines = (name: string) => Array.from({ length: 20 }, (_, at) => `${name}${at}`).join("\n")
    const compared = comparedText({ prefix: `${lines("a")}\nx = `, middle: "1", suffix: `;\n${lines("b")}` })
    assert.deepStrictEqual(compared.trim().split("\n").map((line) => line.slice(0, 3)), [
      ...Array.from({ length: 10 }, (_, at) => `a${10 + at}`),
      "x =",
      ...Array.from({ length: 10 }, (_, at) => `b${at}`)
    ])
  })
})

it("orderOf orders 64-bit numbers and leaves equal ones in their order", () =>
  FastCheck.assert(FastCheck.property(FastCheck.array(FastCheck.bigInt(0n, 2n ** 64n - 1n)), (few) => {
    const numbers = [...few, ...few]
    const lower = Uint32Array.from(numbers, (number) => Number(number & 0xffffffffn))
    const upper = Uint32Array.from(numbers, (number) => Number(number >> 32n))
    const wanted = numbers.map((number, place) => ({ number, place })).sort((a, b) =>
      a.number < b.number ? -1 : a.number > b.number ? 1 : a.place - b.place
    )
    assert.deepStrictEqual([...orderOf(lower, upper, numbers.length)], wanted.map(({ place }) => place))
  })))
