/** What every Writer layer must do with files that grow in order. `read` gives a finished file, or undefined. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { keep, type Ledger } from "../../services/rows/ledger.ts"
import { type Sequence, type SequenceRequest, Writer } from "../../services/Writer.ts"
import { hurried } from "../support/hurried.ts"

export interface SequencesUnderTest {
  readonly layer: Layer.Layer<Writer>
  readonly path: () => string
  readonly read: (path: string) => string | undefined
}

const encoder = new TextEncoder()

const one: Ledger = {}
keep(one, "rows")

export const sequenceContract = (name: string, under: SequencesUnderTest) => {
  const request = (rest: Partial<SequenceRequest> = {}): SequenceRequest => {
    const path = under.path()
    return {
      paths: [path, `${path}.rejected`],
      identity: "same",
      resume: false,
      overwrite: false,
      bufferBytes: 10,
      ...rest
    }
  }
  const use = <A, E>(asked: SequenceRequest, work: (sequence: Sequence) => Effect.Effect<A, E>) =>
    Effect.scoped(
      Effect.flatMap(Effect.flatMap(Writer, (writer) => writer.openSequence(asked)), work)
    ).pipe(Effect.provide(under.layer))
  const append = (sequence: Sequence, from: number, to: number) =>
    Effect.forEach(
      Array.from({ length: to - from }, (_, at) => from + at),
      (item) => sequence.append([encoder.encode(`row ${item}\n`), encoder.encode(item % 2 === 0 ? "" : "no\n")], one),
      { discard: true }
    )
  const rows = (count: number) => Array.from({ length: count }, (_, item) => `row ${item}\n`).join("")

  it.live(`${name}: gives files their names when all is there`, () =>
    Effect.gen(function*() {
      const asked = request()
      yield* use(asked, (sequence) =>
        Effect.gen(function*() {
          assert.strictEqual(sequence.next, 0)
          assert.isFalse(sequence.isResumed)
          yield* append(sequence, 0, 5)
          assert.isUndefined(under.read(asked.paths[0]))
          yield* sequence.seal({ identity: "same" })
          assert.strictEqual(sequence.ledger()["rows"]?.kept, 5)
        }))
      assert.strictEqual(under.read(asked.paths[0]), rows(5))
      assert.strictEqual(under.read(asked.paths[1] ?? ""), "no\nno\n")
    }))

  it.live(`${name}: goes on where a broken sequence was safe, and only if it was asked the same`, () =>
    Effect.gen(function*() {
      const asked = request()
      yield* use(asked, (sequence) => append(sequence, 0, 7))
      const taken = yield* Effect.flip(use(asked, () => Effect.void))
      assert.include(taken.message, "--resume")
      const other = yield* Effect.flip(use({ ...asked, resume: true, identity: "other" }, () => Effect.void))
      assert.include(other.message, "other options")
      yield* use({ ...asked, resume: true }, (sequence) =>
        Effect.gen(function*() {
          assert.isAtLeast(sequence.next, 6)
          assert.isTrue(sequence.isResumed)
          yield* append(sequence, sequence.next, 9)
          yield* sequence.seal({ identity: "same" })
          assert.strictEqual(sequence.ledger()["rows"]?.kept, 9)
        }))
      assert.strictEqual(under.read(asked.paths[0]), rows(9))
    }))

  it.live(`${name}: leaves a finished file alone until it is to be replaced, and then until the end`, () =>
    Effect.gen(function*() {
      const asked = request()
      const write = (rest: Partial<SequenceRequest>, count: number) =>
        use(
          { ...asked, ...rest },
          (sequence) => Effect.zipRight(append(sequence, 0, count), sequence.seal({ identity: "same" }))
        )
      yield* write({}, 3)
      assert.include((yield* Effect.flip(write({}, 4))).message, "--overwrite")
      yield* use({ ...asked, resume: true }, (sequence) => Effect.sync(() => assert.isTrue(sequence.isSealed)))
      yield* use({ ...asked, overwrite: true }, (sequence) =>
        Effect.sync(() => {
          assert.strictEqual(sequence.next, 0)
          assert.strictEqual(under.read(asked.paths[0]), rows(3))
        }))
      yield* write({ overwrite: true }, 4)
      assert.strictEqual(under.read(asked.paths[0]), rows(4))
    }))

  it.live(`${name}: gives back what was written, while it grows, when it is resumed and when it is whole`, () =>
    Effect.gen(function*() {
      const asked = request()
      const texts = (sequence: Sequence) =>
        Effect.map(sequence.written, (files) => files.map((bytes) => new TextDecoder().decode(bytes)))
      yield* use(asked, (sequence) =>
        Effect.gen(function*() {
          assert.deepStrictEqual(yield* texts(sequence), ["", ""])
          yield* append(sequence, 0, 5)
          assert.deepStrictEqual(yield* texts(sequence), [rows(5), "no\nno\n"])
        }))
      yield* use({ ...asked, resume: true }, (sequence) =>
        Effect.gen(function*() {
          const { next } = sequence
          assert.deepStrictEqual(yield* texts(sequence), [rows(next), "no\n".repeat(Math.floor(next / 2))])
          yield* append(sequence, next, 6)
          yield* sequence.seal({ identity: "same" })
        }))
      yield* use({ ...asked, resume: true }, (sequence) =>
        Effect.gen(function*() {
          assert.isTrue(sequence.isSealed)
          assert.deepStrictEqual(yield* texts(sequence), [rows(6), "no\nno\nno\n"])
        }))
    }))

  it.live(`${name}: puts the lines of its first file into their final order`, () =>
    Effect.gen(function*() {
      const asked = request()
      const reversed = (lines: Uint8Array) =>
        encoder.encode(
          new TextDecoder().decode(lines).split("\n").filter((line) => line !== "").toReversed().map((line) =>
            `${line}\n`
          )
            .join("")
        )
      yield* use(
        asked,
        (sequence) => Effect.zipRight(append(sequence, 0, 3), sequence.seal({ identity: "same" }, reversed))
      )
      assert.strictEqual(under.read(asked.paths[0]), "row 2\nrow 1\nrow 0\n")
      assert.strictEqual(under.read(asked.paths[1] ?? ""), "no\n")
    }))

  it.live(`${name}: leaves out lines with half a surrogate pair, and counts them`, () =>
    Effect.gen(function*() {
      const asked = request()
      const line = (value: string) => `${JSON.stringify({ value })}\n`
      const fine = [line("a"), line("\ud83d\ude00"), line("\\ud800"), line("\\\\ud83d")]
      const lines = [...fine, line("\ud83d"), line("\\\ude00b"), line("\udfff\ud800")]
      yield* use(asked, (sequence) =>
        Effect.gen(function*() {
          yield* sequence.append([encoder.encode(lines.join("")), encoder.encode(line("\ud800"))], one)
          yield* sequence.seal({ identity: "same", "half \udc00": "of \ud800" })
          assert.deepStrictEqual(sequence.ledger()["records"], { came: 4, kept: 0, leftOut: { "lone surrogate": 4 } })
          assert.strictEqual(sequence.ledger()["rows"]?.kept, 1)
        }))
      assert.strictEqual(under.read(asked.paths[0]), fine.join(""))
      assert.strictEqual(under.read(asked.paths[1] ?? ""), "")
    }))

  it.live(`${name}: takes back what is discarded`, () =>
    Effect.gen(function*() {
      const asked = request()
      yield* use(asked, (sequence) => Effect.zipRight(append(sequence, 0, 3), sequence.discard))
      assert.isUndefined(under.read(asked.paths[0]))
      yield* use(asked, (sequence) => Effect.sync(() => assert.strictEqual(sequence.next, 0)))
    }))

  it.effect(`${name}: lets one write at a time`, () =>
    Effect.gen(function*() {
      const asked = request()
      yield* use(asked, () =>
        Effect.gen(function*() {
          const failure = yield* Effect.flip(hurried(use({ ...asked, resume: true }, () => Effect.void)))
          assert.include(failure.message, "writing there")
        }))
    }))
}
