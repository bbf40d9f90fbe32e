/**
 * Attempts that run native code. Nothing that an attempt writes can be loaded, so the library of these attacks is shown to
 * the sandbox on purpose: they try what is behind that door. No call of theirs works, and what comes next is right.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { afterAll, beforeAll } from "vitest"
import { bubblewrap } from "../../layers/sandbox/confinement.ts"
import { layerBubblewrap, machineTraits, sandboxIn } from "../../layers/sandbox/ForkServerSandbox.ts"
import { findVim } from "../../layers/sandbox/vim-program.ts"
import { keysOfText } from "../../services/keys/keystrokes.ts"
import { defaultLimits, Sandbox } from "../../services/Sandbox.ts"
import { codeAttacks, compileAttacks, compileSeven } from "../support/hostile-code.ts"
import { withTools } from "../support/with-tools.ts"

const folder = mkdtempSync(join(tmpdir(), "retrace-code-"))
chmodSync(folder, 0o755)
const library = join(folder, "attacks.so")
const searchPath = process.env["PATH"] ?? ""
const options = { concurrency: 1, limits: defaultLimits, vimOptions: "defaults" as const, searchPath }

/** A sandbox in which that library lies, where it can be loaded. */
const layer = Layer.scoped(
  Sandbox,
  Effect.gen(function*() {
    const vim = yield* findVim(searchPath)
    const shown = { ...vim, libraries: [...vim.libraries, library] }
    return yield* sandboxIn("bubblewrap", bubblewrap(shown, defaultLimits, machineTraits), options)
  })
)

const ex = (...lines: ReadonlyArray<string>) => lines.flatMap((line) => keysOfText(`:${line}\r`))
const source = "one two\nthree\n"
const right = { source, keys: keysOfText("x") }
const nothing = { source, keys: [] }

withTools("vim", "bwrap", "/proc", "cc").describe("native code in the sandbox", () => {
  beforeAll(() => void compileAttacks(folder))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.live.each(codeAttacks)("reaches nothing by %s", (name) =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      const keys = ex(`call setline(1, 'worked: ' . libcall('${library}', '${name}', 0))`)
      const outcomes = yield* sandbox.runAll([{ source, keys }, right, nothing, { source, keys }, right, nothing])
      const texts = outcomes.map((outcome) => ("text" in outcome ? outcome.text : outcome._tag))
      // It may die of what it tried, but it must not succeed.
      for (const at of [0, 3]) assert.match(texts[at] ?? "", /^worked: \nthree\n|^(timed out|killed|crashed)$/)
      assert.deepStrictEqual([texts[1], texts[2]], ["ne two\nthree\n", source])
      assert.deepStrictEqual([texts[4], texts[5]], ["ne two\nthree\n", source])
    }).pipe(Effect.provide(layer)), 30_000)

  it.live("is not loaded from what an attempt wrote", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      const code = compileSeven(folder)
      // Runs of zeros are most of it; the rest is typed as it is.
      const hex = code.toString("hex").replace(/(?:00){16,}/g, (zeros) => `' . repeat('00', ${zeros.length / 2}) . '`)
      for (const at of ["/w/x.so", "/r/x.so"]) {
        const keys = ex(
          `call writefile(eval('0z' . '${hex}'), '${at}')`,
          `call setfperm('${at}', 'rwx------')`,
          `let size = getfsize('${at}')`,
          `call setline(1, 'seven is ' . libcallnr('${at}', 'seven', 0))`,
          "call setline(2, size)"
        )
        const outcome = yield* sandbox.run({ source, keys })
        assert.deepInclude(outcome, { text: `seven is 0\n${code.length}\n` })
      }
    }).pipe(Effect.provide(layerBubblewrap({ ...options, limits: { ...defaultLimits, wallMillis: 8000 } }))), 30_000)
})
