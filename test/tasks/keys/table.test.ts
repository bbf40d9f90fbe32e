/** The seven examples that the vim-data project gives of its schema, tried in a real Vim. */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { layerBubblewrap } from "../../../layers/sandbox/ForkServerSandbox.ts"
import { defaultLimits } from "../../../services/Sandbox.ts"
import { type BatchRow, runRows } from "../../../tasks/keys/batch.ts"
import { withSandbox } from "../../support/with-tools.ts"

interface Example {
  readonly source: string
  readonly target: string
  readonly transform: string
  /** What the keys give where that is not the target. */
  readonly gives?: string
}

const examples: ReadonlyArray<Example> = [
  { source: "", target: "hello world", transform: "ihello world\\033:wq\\n" },
  { source: "hello world", target: "hello geezer", transform: "fwc$geezer\\033:wq\\n" },
  { source: "hello", target: "hello, world!", transform: "A, world!{esc}" },
  { source: "good morning", target: "good evening", transform: "ct evening{esc}", gives: "evening morning" },
  { source: "remove me", target: "remove", transform: "$F d{esc}", gives: "remove me" },
  { source: "start end", target: "start and end", transform: "eand {esc}", gives: "startnd  end" },
  { source: "unix", target: "UNIX", transform: "gUiw" },
  // The three that do not hold, repaired.
  { source: "good morning", target: "good evening", transform: "wcwevening<Esc>" },
  { source: "remove me", target: "remove", transform: "$F D" },
  { source: "start end", target: "start and end", transform: "wiand <Esc>" }
]

const layer = layerBubblewrap({
  concurrency: 1,
  limits: defaultLimits,
  vimOptions: "defaults",
  searchPath: process.env["PATH"] ?? ""
})

/** What `keys --batch` gives for some rows. */
const rowsFor = Effect.fnUntraced(function*(rows: ReadonlyArray<object>, most?: number) {
  const made: Array<BatchRow> = []
  const piece = { lines: rows.map((row) => JSON.stringify(row)), first: 0, notation: "canonical" as const }
  yield* runRows(piece, (row) => Effect.sync(() => void made.push(row)), most)
  return made
})

describe("the original's table", () => {
  withSandbox.live("holds where it holds, and gives what it gives where it does not", () =>
    Effect.gen(function*() {
      const rows = yield* rowsFor(examples)
      assert.deepStrictEqual(
        rows.map((row) => [
          "solved" in row ? row.solved : row.outcome,
          "text" in row ? row.text.replace(/\n$/, "") : row.outcome
        ]),
        examples.map(({ gives, target }) => [gives === undefined, gives ?? target])
      )
    }).pipe(Effect.provide(layer)))
})

describe("rows of answers", () => {
  withSandbox.live(
    "are read as vim-loop reads them: numbers of items, thoughts, fences, prose",
    () =>
      Effect.gen(function*() {
        const rows = [
          { source: "", target: "hello", transform: "ihello{i}{esc}", gives: "hello\n" },
          { source: "", target: "hello{i}", transform: "ihello{i}{esc}", gives: "hello{i}\n" },
          { source: "", transform: "ihello{i}{esc}", gives: "hello{i}\n" },
          { source: "ab\n", completion: "<think>maybe dd</think>\n```\nx\n```", gives: "b\n" },
          { source: "ab\n", transform: "I cannot help.", refused: "prose" },
          { source: "ab\n", completion: "I cannot help.", refused: "prose" },
          { source: "ab\n", completion: "<think>maybe dd", refused: "unfinished thoughts" },
          { source: "ab\n", completion: "", refused: "empty answer" },
          // What is written as keys is keys.
          { source: "", keys: "iI cannot help.", gives: "I cannot help.\n" }
        ]
        const made = yield* rowsFor(rows)
        assert.deepStrictEqual(
          made.map((row) => ("text" in row ? row.text : "detail" in row ? `refused: ${row.detail}` : row.outcome)),
          rows.map(({ gives, refused }) => gives ?? `refused: ${refused}`)
        )
      }).pipe(Effect.provide(layer))
  )
})

describe("rows with large outcomes", () => {
  withSandbox.live("come in their order, each once, however little of them may wait", () =>
    Effect.gen(function*() {
      // The first takes longest, so that the others wait for it.
      const rows = Array.from({ length: 30 }, (_, number) =>
        number % 7 === 3
          ? { source: 1 }
          : {
            source: `row ${number}\n`,
            keys: number % 10 === 0 ? ":sleep 200m<CR>x" : ":call setline(1, repeat('x', 9999))<CR>"
          })
      const whole = yield* rowsFor(rows)
      assert.deepStrictEqual(whole.map(({ index }) => index), rows.map((_, index) => index))
      for (const most of [0, 20_000, 100_000]) assert.deepStrictEqual(yield* rowsFor(rows, most), whole)
    }).pipe(Effect.provide(layer)), 60_000)
})
