/**
 * Keys that try to get out, to get through to the next attempt, or to be believed. Whatever they do, they end in time
 * with a text of their own doing or none, the next attempt is right, nothing outside is touched and no process is left.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { afterAll } from "vitest"
import { layerBubblewrap } from "../../layers/sandbox/ForkServerSandbox.ts"
import { keysOfText } from "../../services/keys/keystrokes.ts"
import { type Outcome, textAfter } from "../../services/keys/outcome.ts"
import { Sandbox } from "../../services/Sandbox.ts"
import { ex, hostileKeys } from "../support/hostile-keys.ts"
import { shareLayer } from "../support/shared-layer.ts"
import { withTools } from "../support/with-tools.ts"

const outside = mkdtempSync(join(tmpdir(), "retrace-outside-"))
const secret = join(outside, "secret")
writeFileSync(secret, "the secret\n")
afterAll(() => rmSync(outside, { recursive: true, force: true }))

const attacks = hostileKeys(outside, secret)

let visitors = 0
const port = new Promise<number>((resolve) => {
  const server = createServer((socket) => {
    visitors++
    socket.destroy()
  })
  server.unref()
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    resolve(typeof address === "object" && address !== null ? address.port : 0)
  })
})

const limits = { wallMillis: 600, memoryBytes: 256 * 2 ** 20, outputBytes: 2 ** 24, fileBytes: 2 ** 22 }
const layer = layerBubblewrap({ concurrency: 1, limits, vimOptions: "defaults", searchPath: process.env["PATH"] ?? "" })

const source = "one two\nthree\n"
/** An attempt that shows whether anything is left of the one before: the folder, registers, options, maps, the text. */
const innocent = {
  source,
  keys: [...keysOfText("x"), ...ex("call append('$', [string(glob('/w/*', 0, 1)), @a . @\", string(&tw) . &ic . &ff])")]
}
const untouched = "ne two\nthree\n['/w/text']\no\n00unix\n"

const processes = () =>
  readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "latin1")
      const [, name = ""] = /^Name:\s+(.*)$/m.exec(status) ?? []
      const [, parent = ""] = /^PPid:\s+(\d+)$/m.exec(status) ?? []
      const isVim = readFileSync(`/proc/${pid}/cmdline`, "latin1").startsWith("/vim\0-u") &&
        !/^State:\s+Z/m.test(status)
      return [{ pid, name, parent, isVim }]
    } catch {
      return []
    }
  })

/** Confined Vims of this process, and those that nobody has any more; not those of other tests and programs. */
const vimsLeft = () => {
  const all = new Map(processes().map((process) => [process.pid, process]))
  const ownerOf = (pid: string): string | undefined => {
    const found = all.get(pid)
    return found === undefined || found.name.startsWith("node") ? found?.pid : ownerOf(found.parent)
  }
  return [...all.values()].filter(({ isVim, pid }) => isVim && [undefined, String(process.pid)].includes(ownerOf(pid)))
}

const isForged = (outcome: Outcome) => textAfter(outcome)?.includes("owned") === true

withTools("vim", "bwrap", "node-pty", "/proc").describe("the sandbox", () => {
  it("is attacked in at least ninety ways", () => assert.isAtLeast(Object.keys(attacks).length, 90))

  // One sandbox bears them all: what an attack leaves behind would be there for the next.
  describe("under attack", () => {
    const inSandbox = shareLayer(layer)

    it.live.each(Object.entries(attacks))("holds when somebody %s", ([name, keys]) =>
      Effect.gen(function*() {
        const sandbox = yield* Sandbox
        assert.deepInclude(yield* sandbox.run(innocent), { _tag: "finished", text: untouched })
        const listening = yield* Effect.promise(() => port)
        const typed = keys.join("").replaceAll("LISTEN", String(listening))
        const started = Date.now()
        const outcome = yield* sandbox.run({ source, keys: keys.join("") === typed ? keys : ex(typed.slice(1, -4)) })
        assert.isBelow(Date.now() - started, limits.wallMillis + 3000)
        if (/^(?:forges|calls the harness|replaces|serves)/.test(name)) {
          assert.isFalse(isForged(outcome), JSON.stringify(outcome))
        }
        const text = textAfter(outcome) ?? ""
        assert.notInclude(text, "the secret")
        assert.notInclude(text, "root:")
        assert.notMatch(text, /\/home|HOME/)
        // What comes next is what it would have been.
        for (let times = 0; times < 2; times++) {
          assert.deepInclude(yield* sandbox.run(innocent), { _tag: "finished", text: untouched })
        }
        assert.deepStrictEqual(readdirSync(outside), ["secret"])
        assert.strictEqual(visitors, 0)
        for (const path of ["/x", "/written", "/etc/x", "/lib/x", "/w", "/r"]) assert.isFalse(existsSync(path), path)
      }).pipe(inSandbox), 20_000)
  })

  it.live("leaves no process behind", () =>
    Effect.gen(function*() {
      for (let tries = 0; tries < 100 && vimsLeft().length > 0; tries++) yield* Effect.sleep("20 millis")
      assert.deepStrictEqual(vimsLeft(), [])
    }))
})
