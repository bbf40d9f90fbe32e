/** The web viewer: a server on this machine only, for a page that asks nobody else. */
import { readFileSync } from "node:fs"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FiberSet from "effect/FiberSet"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { renderCast } from "../../../services/keys/cast.ts"
import { parseKeys, parseKeysLeniently } from "../../../services/keys/keystrokes.ts"
import { makeStats } from "../../../services/measures/file-stats.ts"
import { Reader, type RowFile } from "../../../services/Reader.ts"
import { isMatch } from "../../../services/rows/fields.ts"
import { viewOf } from "../../../services/rows/row-view.ts"
import { Sandbox } from "../../../services/Sandbox.ts"
import { readProvenance } from "../../shared/provenance.ts"
import type { ViewedFile } from "../../shared/row-files.ts"
import { type SandboxAnswers, sandboxLayer } from "../../shared/sandbox.ts"
import { Screen } from "../../shared/terminal.ts"
import { Tool } from "../../shared/tool.ts"
import { makeMatches, type Matches } from "../matches.ts"
import type { Filter } from "../model.ts"
import { CannotServe } from "../problems.ts"
import { contentOf } from "./answers.ts"
import { makeHighlight } from "./highlight.ts"
import { labelNames, type Labels, openLabels } from "./labels.ts"
import { pageHtml } from "./page-html.ts"
import type { FileAnswer, FoundAnswer, RowAnswer, StatsAnswer } from "./protocol.ts"

export interface WebFlags extends SandboxAnswers {
  readonly port: number
}

interface Opened {
  readonly name: string
  readonly path: string
  readonly rows: RowFile
  readonly labels: Labels
  readonly matches: Map<string, Matches>
  stats: StatsAnswer | undefined
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string | Uint8Array
}

const json = (value: unknown, status = 200): Answer => ({
  status,
  type: "application/json",
  body: JSON.stringify(value)
})
const refusal = (status: number, error: string): Answer => json({ error }, status)

const LabelRequest = Schema.parseJson(Schema.Struct({
  file: Schema.Number,
  row: Schema.Number,
  label: Schema.NullOr(Schema.Literal(...labelNames))
}))
const decodeLabelRequest = Schema.decodeUnknownEither(LabelRequest)

/** A label needs no more; whoever sends more is no page of ours. */
const mostBody = 4096
const castSize = { columns: 80, rows: 20 }

/** Listens until it is interrupted. */
export const serveWeb = Effect.fn("view.serve")(function*(files: ReadonlyArray<ViewedFile>, flags: WebFlags) {
  const screen = yield* Screen
  const reader = yield* Reader
  const tool = yield* Tool
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const highlight = yield* makeHighlight
  const opened: Array<Opened> = []
  for (const file of files) {
    opened.push({
      ...file,
      rows: yield* reader.open(file.path),
      labels: yield* openLabels(file.path),
      matches: new Map(),
      stats: undefined
    })
  }
  const assets = new Map(
    ["app.js", "app.css"].map((name) => [
      `/${name}`,
      {
        type: name.endsWith(".js") ? "text/javascript" : "text/css",
        body: readFileSync(new URL(`./page/${name}`, tool.workerEntry))
      }
    ])
  )

  const rowAnswer = Effect.fnUntraced(function*(file: Opened, index: number) {
    const row = yield* file.rows.row(index)
    const answer: RowAnswer = {
      index,
      row: row === null ? null : yield* contentOf(row, highlight),
      known: file.rows.known(),
      label: row === null ? null : file.labels.of(index, row)
    }
    return json(answer)
  })

  /** The next row that holds a text and passes the filter, if there is one; from the top on when there is none behind. */
  const searched = Effect.fnUntraced(function*(file: Opened, text: string, from: number, filter: Filter | null) {
    for (const start of [from, 0]) {
      for (let at: number | null = start; at !== null;) {
        const row: number | null = yield* file.rows.find(text, at)
        if (row === null) break
        const content = filter === null ? null : yield* file.rows.row(row)
        if (filter === null || (content?._tag === "row" && isMatch(content.value, filter.key, filter.value))) return row
        at = row + 1
      }
    }
    return null
  })

  const found = Effect.fnUntraced(function*(file: Opened, query: URLSearchParams) {
    const from = numberIn(query, "from")
    const text = query.get("text")
    const [key, value] = [query.get("key"), query.get("value")]
    const filter: Filter | null = key === null || value === null ? null : { key, value }
    if (text !== null && text !== "") {
      const answer: FoundAnswer = { row: yield* searched(file, text, from, filter) }
      return json(answer)
    }
    if (filter === null) return refusal(400, "find needs a text, or a key and a value")
    const name = `${filter.key}\n${filter.value}`
    const matches = file.matches.get(name) ?? makeMatches(file.rows, filter)
    file.matches.set(name, matches)
    const match = query.get("sign") === "-1" ? yield* matches.preceding(from) : yield* matches.following(from)
    const answer: FoundAnswer = match ?? { row: null }
    return json(answer)
  })

  const statsOf = Effect.fnUntraced(function*(file: Opened) {
    if (file.stats === undefined) {
      const stats = makeStats()
      yield* Stream.runForEach(file.rows.scan({ from: 0, holding: null }), (rows) =>
        Effect.sync(() => {
          for (const { row } of rows) stats.add(row)
        }))
      const text = yield* Effect.option(fs.readFileString(path.join(path.dirname(file.path), "metadata.json")))
      const ledger = Option.isSome(text) ? readProvenance(text.value).ledger : {}
      file.stats = {
        stats: stats.result(),
        funnel: Object.entries(ledger).map(([stage, { came, kept }]) => ({ stage, kept, leftOut: came - kept }))
      }
    }
    return json(file.stats)
  })

  const recordingOf = Effect.fnUntraced(function*(file: Opened, index: number) {
    const row = yield* file.rows.row(index)
    const asked = row?._tag === "row" ? viewOf(row.value).recording : null
    if (asked === null) return refusal(404, "this row has no keys to type")
    const keys = Either.getOrElse(parseKeys(asked.keys), () => parseKeysLeniently(asked.keys))
    const recording = yield* Effect.flatMap(
      Sandbox,
      (sandbox) => sandbox.record({ source: asked.source, keys }, castSize)
    ).pipe(
      Effect.provide(sandboxLayer(flags, 1))
    )
    const body = renderCast({ ...recording, ...castSize, version: 2, interval: 0.12 })
    const answer: Answer = { status: 200, type: "application/x-asciicast", body }
    return answer
  })

  const setLabel = Effect.fnUntraced(function*(request: IncomingMessage) {
    const read = decodeLabelRequest(yield* bodyOf(request))
    const file = Either.isRight(read) ? opened[read.right.file] : undefined
    if (Either.isLeft(read) || file === undefined) return refusal(400, "a label is {file, row, label}")
    const row = yield* file.rows.row(read.right.row)
    if (row === null) return refusal(404, "there is no such row")
    yield* file.labels.set(read.right.row, row, read.right.label)
    return json({ label: read.right.label })
  })

  const answerTo = Effect.fnUntraced(function*(request: IncomingMessage) {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost")
    if (pathname === "/api/label") {
      if (request.method !== "POST") return refusal(405, "a label is sent with POST")
      return yield* setLabel(request)
    }
    if (request.method !== "GET") return refusal(405, `${pathname} takes GET`)
    if (pathname === "/") {
      const answer: Answer = { status: 200, type: "text/html", body: pageHtml }
      return answer
    }
    const asset = assets.get(pathname)
    if (asset !== undefined) return { status: 200, ...asset }
    if (pathname === "/api/files") {
      return json(opened.map(({ name, rows }): FileAnswer => {
        const known = rows.known()
        return { name, bytes: rows.bytes, rows: known.rows, isComplete: known.isComplete }
      }))
    }
    const file = opened[numberIn(searchParams, "file")]
    if (!/^\/api\/(?:row|find|stats|recording|count)$/.test(pathname)) return refusal(404, "there is no such page")
    if (file === undefined) return refusal(404, "there is no such file")
    switch (pathname) {
      case "/api/row":
        return yield* rowAnswer(file, numberIn(searchParams, "row"))
      case "/api/find":
        return yield* found(file, searchParams)
      case "/api/stats":
        return yield* statsOf(file)
      case "/api/count":
        return json({ rows: yield* file.rows.count })
      default:
        return yield* recordingOf(file, numberIn(searchParams, "row"))
    }
  })

  const fork = yield* FiberSet.makeRuntime<FileSystem.FileSystem | Screen | Tool>()
  const server = createServer((request, response) => {
    if (!isOurs(request, server)) {
      send(response, refusal(403, "this page is for this machine only"))
      return
    }
    fork(
      answerTo(request).pipe(
        Effect.catchAll(({ message }) => Effect.succeed(refusal(503, message))),
        Effect.flatMap((answer) => Effect.sync(() => send(response, answer)))
      )
    )
  })
  yield* Effect.acquireRelease(listen(server, flags.port), () => close(server))
  yield* screen.note(`Look at http://127.0.0.1:${portOf(server)}/\n`)
  return yield* Effect.never
})

const numberIn = (query: URLSearchParams, name: string): number => {
  const value = Number(query.get(name) ?? 0)
  return Number.isInteger(value) && value >= 0 ? value : 0
}

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

/**
 * Whether a request names this server as its host, and comes from its own page if it comes from one: another site whose
 * name was pointed at this machine has its own name there.
 */
const isOurs = ({ headers }: IncomingMessage, server: Server): boolean => {
  const port = portOf(server)
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  return hosts.includes(headers.host ?? "") &&
    (headers.origin === undefined || hosts.some((host) => headers.origin === `http://${host}`))
}

const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
  "img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const send = (response: ServerResponse, { body, status, type }: Answer) => {
  const bytes = typeof body === "string" ? Buffer.from(body) : body
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "content-length": bytes.length,
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store"
  })
  response.end(bytes)
}

const bodyOf = (request: IncomingMessage) =>
  Effect.async<string>((resume) => {
    const pieces: Array<Buffer> = []
    let size = 0
    request.on("data", (piece: Buffer) => {
      size += piece.length
      if (size <= mostBody) pieces.push(piece)
      else request.destroy()
    })
    request.on("end", () => resume(Effect.succeed(Buffer.concat(pieces).toString("utf8"))))
    request.on("close", () => resume(Effect.succeed("")))
  })

const listen = (server: Server, port: number) =>
  Effect.async<void, CannotServe>((resume) => {
    server.once("error", (cause) => resume(new CannotServe({ port, detail: cause.message })))
    server.listen(port, "127.0.0.1", () => resume(Effect.void))
  })

const close = (server: Server) =>
  Effect.async<void>((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })
