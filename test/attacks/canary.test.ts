/**
 * Servers that somebody has got at: scripts that lie, or that end. The sandbox says so, and gives no outcome that it
 * cannot stand for.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { bubblewrap, type Confinement, scriptName } from "../../layers/sandbox/confinement.ts"
import { machineTraits, sandboxIn } from "../../layers/sandbox/ForkServerSandbox.ts"
import { findVim } from "../../layers/sandbox/vim-program.ts"
import { keysOfText } from "../../services/keys/keystrokes.ts"
import { defaultLimits, Sandbox } from "../../services/Sandbox.ts"
import { withTools } from "../support/with-tools.ts"

const searchPath = process.env["PATH"] ?? ""

/** The same confinement around a server whose script was changed. */
const tampered = (confinement: Confinement, change: (script: string) => string): Confinement => ({
  ...confinement,
  commandLine: (room, purpose) => {
    const path = join(room.shown, scriptName.server)
    const script = readFileSync(path, "utf8")
    const changed = change(script)
    assert.notStrictEqual(changed, script)
    writeFileSync(path, changed)
    return confinement.commandLine(room, purpose)
  }
})

const layerOf = (change: (script: string) => string) =>
  Layer.scoped(
    Sandbox,
    Effect.gen(function*() {
      const confinement = bubblewrap(yield* findVim(searchPath), defaultLimits, machineTraits)
      return yield* sandboxIn("bubblewrap", tampered(confinement, change), {
        concurrency: 1,
        limits: defaultLimits,
        vimOptions: "defaults",
        searchPath
      })
    })
  )

const serverScript = readFileSync(join(import.meta.dirname, "../../layers/sandbox/fork-server/server.vim"), "utf8")

/** Puts a line before another one, which the script of the server has. */
const before = (place: string) => {
  assert.include(serverScript, place)
  return (line: string) => (script: string) => script.replace(place, `${line}\n${place}`)
}

/** Puts a line before the one in which a child opens the text that it has written. */
const beforeTheText = before("  call s:Open(s:text, lines)\n")

/** Puts a line before the one in which the server forks. */
const beforeTheFork = before("    let child = libcallnr(")

const lies: Readonly<Record<string, (script: string) => string>> = {
  "types nothing": beforeTheText("let attempt.keys = ''"),
  "types something else": beforeTheText("let attempt.keys = 'x'"),
  "opens another text": beforeTheText("call writefile(['owned'], s:text)"),
  "is in another mode": beforeTheText("let attempt.keys .= 'i'"),
  "leaves at once": beforeTheText("call libcallnr(s:libc, '_exit', 0)"),
  "never ends": beforeTheText("while 1 | endwhile"),
  "reports under another name": beforeTheText("let attempt.nonce = 'mine'")
}

const attempts = Array.from({ length: 300 }, (_, index) => ({
  source: `line ${index}\n`,
  keys: keysOfText("dd")
}))

withTools("vim", "bwrap").describe("a sandbox", () => {
  it.live.each(Object.entries(lies))("is not opened where its server %s", ([, change]) =>
    Effect.gen(function*() {
      const failure = yield* Effect.flip(Effect.provide(Sandbox, layerOf(change)))
      assert.strictEqual(failure.part, "confinement")
    }), 30_000)

  it.live.each([5, 40, 150])(
    "gives no outcome that it cannot stand for, where its server lies from attempt %s on",
    (from) =>
      Effect.gen(function*() {
        const sandbox = yield* Sandbox
        const given: Array<boolean> = []
        const end = yield* Effect.flip(
          Effect.forEach(attempts, (attempt) =>
            Effect.tap(sandbox.run(attempt), (outcome) =>
              Effect.sync(() =>
                given.push("text" in outcome && outcome.text === "")
              )), { concurrency: "unbounded" })
        )
        assert.strictEqual(end.part, "canary")
        assert.include(end.message, "an attempt whose end is known")
        assert.notInclude(given, false)
        // It stays so: whoever asks again is told the same.
        assert.strictEqual((yield* Effect.flip(sandbox.run({ source: "a\n", keys: [] }))).part, "canary")
      }).pipe(Effect.provide(layerOf((script) =>
        beforeTheFork("    let s:asked = get(s:, 'asked', 0) + 1")(
          beforeTheText(`if s:asked >= ${from} | let attempt.keys = '' | endif`)(script)
        )
      ))),
    30_000
  )

  it.live("says that its servers end, where they do whatever is typed", () =>
    Effect.gen(function*() {
      const failure = yield* Effect.flip(Effect.provide(
        Sandbox,
        layerOf(beforeTheFork("    call libcallnr(s:libc, '_exit', 1)"))
      ))
      assert.strictEqual(failure.part, "confinement")
      assert.include(failure.message, "end by themselves")
    }), 30_000)

  it.live("tries again where a server ends under an attempt, and gives its outcome", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      const outcomes = yield* sandbox.runAll(attempts.slice(0, 40))
      for (const outcome of outcomes) assert.deepInclude(outcome, { _tag: "finished", text: "" })
    }).pipe(Effect.provide(layerOf(
      // Every server ends with its seventh request.
      beforeTheFork(
        "    let s:asked = get(s:, 'asked', 0) + 1 | if s:asked >= 7 | call libcallnr(s:libc, '_exit', 1) | endif"
      )
    ))), 30_000)
})
