/** Recordings: played in a terminal emulator they end on Vim's own screen, and equal input gives equal bytes. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import xterm from "@xterm/headless"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { afterAll } from "vitest"
import { layerBubblewrap } from "../../layers/sandbox/ForkServerSandbox.ts"
import { layer as layerPty } from "../../layers/sandbox/PtySandbox.ts"
import { renderCast } from "../../services/keys/cast.ts"
import { parseKeys, printKeys } from "../../services/keys/keystrokes.ts"
import { defaultLimits, type Recording, Sandbox } from "../../services/Sandbox.ts"
import { sequence, texts } from "../support/key-sequences.ts"
import { withSandbox, withTools } from "../support/with-tools.ts"

const folder = mkdtempSync(join(tmpdir(), "retrace-casts-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the rows of a terminal show once it was sent these. */
const play = (sent: ReadonlyArray<string>, columns: number, rows: number) =>
  Effect.async<ReadonlyArray<string>>((resume) => {
    const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
    terminal.write(
      sent.join(""),
      () =>
        resume(
          Effect.succeed(
            Array.from({ length: rows }, (_, row) =>
              terminal.buffer.active.getLine(terminal.buffer.active.baseY + row)?.translateToString().trimEnd() ?? "")
          )
        )
    )
  })

/** The output events of an asciicast of either version. */
const outputsIn = (cast: string): ReadonlyArray<string> =>
  cast.split("\n").slice(1, -1).map((line) => JSON.parse(line)).filter(([, kind]) => kind === "o")
    .map(([, , data]) => data)

const sizes = [[80, 24], [120, 40], [40, 10]] as const

const castOf = (recording: Recording, version: 2 | 3, [columns, rows]: readonly [number, number]) =>
  renderCast({ ...recording, version, columns, rows, interval: 0.12 })

const keysOf = (text: string) => Either.getOrThrow(parseKeys(text))

const options = {
  concurrency: 2,
  limits: defaultLimits,
  vimOptions: "defaults" as const,
  searchPath: process.env["PATH"] ?? ""
}
const hasty = { ...options, limits: { ...defaultLimits, wallMillis: 400 } }
const confined = layerBubblewrap(options)
const layers = [
  ["confined", confined, layerBubblewrap(hasty), withSandbox],
  ["restricted", layerPty(options), layerPty(hasty), withTools("vim", "node-pty")]
] as const

/** What a terminal emulator shows of a text is another matter where characters have no agreed width. */
const isPlain = (text: string) => /^[\n\r\t -~\u00a1-\u017f]*$/.test(text)

for (const [name, layer, hastyLayer, needed] of layers) {
  needed.describe(`a recording, ${name}`, () => {
    it.live(
      "ends on Vim's own screen, whatever was typed, and is the same a second time",
      () =>
        Effect.gen(function*() {
          const sandbox = yield* Sandbox
          const cases = Object.entries(texts).filter(([, source]) => isPlain(source)).flatMap(([text, source]) =>
            [1, 2].map((number) => ({ source, keys: sequence(9, text, number) }))
          ).filter(({ keys }) => isPlain(keys.join("")))
          assert.isAbove(cases.length, 16)
          const compared = yield* Effect.forEach(cases, (attempt, index) =>
            Effect.gen(function*() {
              const size = sizes[index % sizes.length] ?? [80, 24]
              const [columns, rows] = size
              const recording = yield* sandbox.record(attempt, { columns, rows })
              const cast = castOf(recording, 2, size)
              assert.strictEqual(castOf(yield* sandbox.record(attempt, { columns, rows }), 2, size), cast)
              assert.deepStrictEqual(outputsIn(castOf(recording, 3, size)), outputsIn(cast))
              if (recording.screen === null) return []
              assert.strictEqual(recording.frames.length, attempt.keys.length)
              assert.deepStrictEqual(
                yield* play(outputsIn(cast), columns, rows),
                recording.screen.map((row) => row.trimEnd()),
                printKeys(attempt.keys)
              )
              return [attempt]
            }), { concurrency: 6 })
          assert.isAbove(compared.flat().length, 12)
        }).pipe(Effect.provide(layer)),
      120_000
    )

    it.live("has a frame for each key, also for the ones that make Vim leave", () =>
      Effect.gen(function*() {
        const sandbox = yield* Sandbox
        const recording = yield* sandbox.record({ source: "a\n", keys: keysOf("x<Up>iHi<Esc>:wq<CR>jj") }, {
          columns: 80,
          rows: 24
        })
        assert.deepInclude(recording.outcome, { _tag: "left", text: "Hi\n" })
        assert.strictEqual(printKeys(recording.frames.map(({ key }) => key)), "x<Up>iHi<Esc>:wq<CR>")
        assert.include(recording.frames.at(-1)?.drawn ?? "", "written")
        assert.isNull(recording.screen)
      }).pipe(Effect.provide(layer)))

    it.live("ends where Vim is busy for too long", () =>
      Effect.gen(function*() {
        const sandbox = yield* Sandbox
        const keys = keysOf("x:while 1<CR>:endwhile<CR>x")
        const { frames, outcome } = yield* sandbox.record({ source: "abc\n", keys }, { columns: 80, rows: 24 })
        assert.strictEqual(outcome._tag, "timed out")
        assert.isBelow(frames.length, keys.length)
      }).pipe(Effect.provide(hastyLayer)))
  })
}

describe("a cast", () => {
  withTools("vim", "bwrap", "node-pty", "asciinema", "script").live(
    "is read by asciinema",
    () =>
      Effect.gen(function*() {
        const sandbox = yield* Sandbox
        const recording = yield* sandbox.record({ source: "", keys: keysOf("iHello, Vim!<Esc>") }, {
          columns: 80,
          rows: 24
        })
        const file = join(folder, "hello.cast")
        writeFileSync(file, castOf(recording, 2, [80, 24]))
        // It wants a terminal of its own, and plays what is in the file, at once.
        const { status, stdout } = spawnSync("script", ["-qec", `asciinema cat ${file}`, "/dev/null"], {
          encoding: "utf8"
        })
        assert.strictEqual(status, 0, stdout)
        const played = yield* play([stdout], 80, 24)
        assert.strictEqual(played[0], "Hello, Vim!")
      }).pipe(Effect.provide(confined))
  )

  it("counts time in keys: since the start in version 2, since the event before in version 3", () => {
    const request = {
      columns: 80,
      rows: 24,
      interval: 0.1,
      start: "S",
      frames: [{ key: "a", drawn: "A" }, { key: "<Up>", drawn: "" }, { key: "<Esc>", drawn: "E" }]
    }
    const eventsIn = (version: 2 | 3) =>
      renderCast({ ...request, version }).split("\n").slice(1, -1).map((line) => JSON.parse(line))
    assert.deepStrictEqual(eventsIn(2), [
      [0, "o", "S"],
      [0.1, "i", "a"],
      [0.1, "o", "A"],
      [0.2, "i", "<Up>"],
      [0.3, "i", "\u001b"],
      [0.3, "o", "E"],
      [1.3, "o", "\u001b7\u001b[r\u001b8\u001b[0m\u001b[?25h"]
    ])
    assert.deepStrictEqual(eventsIn(3).map(([time]) => time), [0, 0.1, 0, 0.1, 0.1, 0, 1])
    assert.include(renderCast({ ...request, version: 3 }), "\"title\":\"a<Up><Esc>\"")
  })
})
