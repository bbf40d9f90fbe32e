import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { layerBubblewrap } from "../../../layers/sandbox/ForkServerSandbox.ts"
import { printKeys } from "../../../services/keys/keystrokes.ts"
import { isSolved } from "../../../services/keys/outcome.ts"
import { retype } from "../../../services/keys/retyping.ts"
import { defaultLimits, Sandbox } from "../../../services/Sandbox.ts"
import { texts } from "../../support/key-sequences.ts"
import { withSandbox } from "../../support/with-tools.ts"

const layer = layerBubblewrap({
  concurrency: 2,
  limits: defaultLimits,
  vimOptions: "defaults",
  searchPath: process.env["PATH"] ?? ""
})

/** Texts that random lines make of one another, among them awkward ones. */
const line = FastCheck.constantFrom(
  "",
  "a",
  "b b",
  "\tx\ty",
  "  if (x) {",
  "}",
  "é日𝕏",
  "<Esc>",
  "a\u0001b",
  "c\rd",
  "0"
)
const text = FastCheck.tuple(FastCheck.array(line, { maxLength: 6 }), FastCheck.constantFrom("\n", "\n", "\n", ""))
  .map(([lines, end]) => (lines.length === 0 ? "" : lines.join("\n") + end))

describe("retyping", () => {
  withSandbox.live("turns every text into every other one, in a real Vim", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      const pairs = [
        ...FastCheck.sample(FastCheck.tuple(text, text), { numRuns: 400, seed: 1 }),
        ...Object.values(texts).flatMap((source) =>
          Object.values(texts).filter((target) => !target.includes("\0") && !source.includes("\0"))
            .map((target): [string, string] => [source, target])
        )
      ].filter(([source, target]) => isAlike(source, target))
      const outcomes = yield* sandbox.runAll(
        pairs.map(([source, target]) => ({ source, keys: retype(source, target) }))
      )
      const failed = pairs.filter(([, target], index) => {
        const outcome = outcomes[index]
        return outcome === undefined || !isSolved(outcome, target)
      })
      assert.deepStrictEqual(
        failed.map(([source, target]) => [source, target, printKeys(retype(source, target))]),
        []
      )
      assert.isAbove(pairs.length, 400)
    }).pipe(Effect.provide(layer)), 60_000)
})

const hasMark = (text: string) => text.startsWith("\ufeff")
const isDos = (text: string) =>
  text.includes("\n") && text.split("\n").slice(0, -1).every((line) => line.endsWith("\r"))
/** What no typing changes: the format of the line ends, the byte order mark, and a missing last newline. */
const isAlike = (source: string, target: string) =>
  hasMark(source) === hasMark(target) && isDos(source) === isDos(target) &&
  (source === "" || target === "" || source.endsWith("\n") === target.endsWith("\n"))
