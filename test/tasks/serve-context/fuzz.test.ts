/** Lines, byte splits and requests of every kind, valid, damaged and hostile: always an answer or silence, never a crash. */
import { assert, describe, it } from "@effect/vitest"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ContextAnswer } from "../../../services/Index.ts"
import { randomOf } from "../../../services/text/random.ts"
import { makeFramer } from "../../../tasks/serve-context/framing.ts"
import { isRecord } from "../../../tasks/serve-context/protocol.ts"
import { serve } from "../../../tasks/serve-context/serve.ts"
import { openSession } from "../../../tasks/serve-context/session.ts"
import type { Workspace } from "../../../tasks/shared/workspace.ts"
import { startServer } from "../../support/server.ts"

const seed = 20261121
const random = randomOf("fuzz", seed)

const values: ReadonlyArray<() => unknown> = [
  () => null,
  () => random.below(10) - 5,
  () => random.next() * 1e12,
  () => "file:///a.py",
  () => "\ud800\0\u2028",
  () => "x".repeat(random.below(300)),
  () => [],
  () => ({}),
  () => ({ line: random.below(5) - 1, character: random.below(9) }),
  () => ({ uri: "file:///a.py", text: "a\nb", version: 1 }),
  () => [{ text: "y", range: { start: { line: 0, character: 0 }, end: { line: 9, character: 9 } } }],
  () => true
]
const value = (): unknown => (random.pick(values) ?? (() => null))()
const keys = [
  "filepath",
  "content",
  "cursor_offset",
  "position",
  "budget",
  "sources",
  "format",
  "textDocument",
  "contentChanges",
  "project_root",
  "capabilities",
  "id",
  "backend",
  "explain",
  "uri",
  "changes",
  "offset_encoding"
]
const methods = [
  "getContext",
  "getContext",
  "prompt",
  "initialize",
  "textDocument/didOpen",
  "textDocument/didChange",
  "textDocument/didClose",
  "workspace/didChangeWatchedFiles",
  "$/cancelRequest",
  "nope",
  ""
]

const params = () =>
  Object.fromEntries(Array.from({ length: random.below(6) }, () => [random.pick(keys) ?? "", value()]))
const usual = { filepath: "a.py", content: "import b\nb.", cursor_offset: 11 }

const message = (id: number): unknown => {
  const kind = random.below(8)
  if (kind === 0) return value()
  const base = {
    jsonrpc: "2.0",
    method: random.pick(methods),
    params: kind < 4 ? usual : kind === 5 ? value() : params()
  }
  if (kind === 1) return base
  if (kind === 2) return { ...base, id: value() }
  if (kind === 3) return [{ ...base, id }, value(), base]
  return { ...base, id }
}

const line = (id: number): Buffer => {
  const text = JSON.stringify(message(id)) ?? "undefined"
  switch (random.below(9)) {
    case 0:
      return Buffer.from(`${text.slice(0, random.below(text.length + 1))}\n`)
    case 1:
      return Buffer.from(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
    case 2: {
      const bytes = Buffer.from(`${text}\n`)
      bytes[random.below(bytes.length)] = random.below(256)
      return bytes
    }
    case 3:
      return Buffer.from(
        `${random.pick(["", "\r", "{", "[[", "Content-Length: -4", "Content-Length: 5 5", "\ufeff{}", "null"]) ?? ""}\n`
      )
    default:
      return Buffer.from(`${text}\n`)
  }
}

const answerOf: ContextAnswer = { text: "# --- b.py ---\ndef ü(): …\n", snippets: [] }
const workspace: Workspace = {
  size: () => ({ files: 1, chunks: 1 }),
  edition: () => 0,
  ledger: {},
  pathOf: (location) => location,
  locate: () => "",
  context: () => Effect.succeed(answerOf),
  related: () => Effect.succeed([]),
  lookUp: (read) => Effect.succeed(read({ definitions: () => [], outline: () => undefined, search: () => [] })),
  read: () => Effect.succeed(null),
  refresh: () => Effect.void
}

describe(`100,000 messages of seed ${seed}`, () => {
  it.live(
    "each is answered or ignored, in well-formed JSON, and the connection goes on",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const settings = {
          errorCodes: "original",
          weighting: "lucene",
          isWatched: false,
          snapshots: null,
          version: "0",
          edits: null
        } as const
        const session = yield* openSession(settings, { open: () => Effect.succeed(workspace) })
        const count = 100_000
        let made = 0
        const incoming = Stream.repeatEffect(Effect.sync(() => {
          const lines: Array<Buffer> = []
          for (let at = 0; at < 50; at++) lines.push(line(++made))
          const bytes = Buffer.concat(lines)
          const cut = random.below(bytes.length)
          return [bytes.subarray(0, cut), bytes.subarray(cut)]
        })).pipe(Stream.take(count / 50), Stream.mapConcat((pieces) => pieces))
        const last = Buffer.from(
          "\n\n{\"jsonrpc\":\"2.0\",\"id\":\"last\",\"method\":\"initialize\",\"params\":{\"project_root\":\"/\"}}\n"
        )
        const framer = makeFramer()
        let answers = 0
        let lastAnswer: unknown
        yield* serve({
          // What a broken header swallowed ends before the last request.
          incoming: Stream.concat(incoming, Stream.make(Buffer.alloc(2 * 1024 * 1024, 10), last)),
          send: (text) =>
            Effect.sync(() => {
              for (const frame of framer.push(Buffer.from(text))) {
                if (frame._tag !== "text") throw new Error(frame.detail)
                const parsed: unknown = JSON.parse(frame.text)
                for (const one of Array.isArray(parsed) ? parsed : [parsed]) {
                  if (!isRecord(one) || one["jsonrpc"] !== "2.0") throw new Error(`no JSON-RPC: ${frame.text}`)
                  if (!("method" in one) && !("result" in one) && !("error" in one)) throw new Error("no answer")
                  answers++
                  lastAnswer = one
                }
              }
            }),
          cutOff: () => Effect.void,
          abandoned: Effect.never
        }, session)
        assert.isAbove(answers, count / 2)
        assert.isTrue(isRecord(lastAnswer) && lastAnswer["id"] === "last" && "result" in lastAnswer)
      })).pipe(Effect.provide([NodePath.layer, NodeFileSystem.layer])),
    240_000
  )
})

describe("hostile lines to the real process", () => {
  it("are answered with errors, and nothing but protocol reaches standard output", async () => {
    const server = startServer(["--no-watch"])
    for (let at = 0; at < 3000; at++) {
      const bytes = line(at)
      // A header would turn the rest into its body: the process is spoken to in lines here.
      if (!/^content-/i.test(bytes.toString("latin1"))) server.write(bytes)
    }
    server.write(`${"[".repeat(100_000)}${"]".repeat(100_000)}\n`)
    server.write(`"${"a".repeat(64 * 1024 * 1024)}"\n`)
    server.write(Buffer.concat([Buffer.from([0xc3, 0x28, 0]), Buffer.from("\n")]))
    const answer = await server.ask("nothing", {})
    assert.strictEqual(answer.error.code, -32601)
    server.child.stdin.end()
    assert.strictEqual((await server.ended).code, 0)
    for (const text of server.stdout().split("\n")) if (text !== "") JSON.parse(text)
    assert.notInclude(server.stderr(), "internal")
  }, 120_000)
})
