/** The web viewer: a server on this machine only, for a page that asks nobody else. */
import { readFileSync } from "node:fs"
import type { HttpServerRequest } from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import { refusal } from "../../shared/http/answer.ts"
import { isFromOwnPage } from "../../shared/http/own-page.ts"
import { serveHttp } from "../../shared/http/serve.ts"
import type { ViewedFile } from "../../shared/row-files.ts"
import type { SandboxAnswers } from "../../shared/sandbox.ts"
import { Tool } from "../../shared/tool.ts"
import { makeApi } from "./api.ts"
import { pageHtml } from "./page-html.ts"

export interface WebFlags extends SandboxAnswers {
  readonly port: number
}

/** Where the page's questions go. */
const apiPath = "/api/"

/** Serves the page until it is interrupted. */
export const serveWeb = Effect.fn("view.serve")(function*(files: ReadonlyArray<ViewedFile>, flags: WebFlags) {
  const { workerEntry } = yield* Tool
  const api = yield* makeApi(files, flags)
  const assets = new Map([
    ["/", { type: "text/html", bytes: Buffer.from(pageHtml) }],
    ...["app.js", "app.css"].map((name) =>
      [`/${name}`, {
        type: name.endsWith(".js") ? "text/javascript" : "text/css",
        bytes: readFileSync(new URL(`./page/${name}`, workerEntry))
      }] as const
    )
  ])

  const answerTo = Effect.fnUntraced(function*(request: HttpServerRequest, port: number) {
    if (!isFromOwnPage(request.headers, port)) return refusal(403, "this page is for this machine only")
    const { pathname, searchParams } = new URL(request.url, "http://localhost")
    if (pathname.startsWith(apiPath)) return yield* api(request, pathname.slice(apiPath.length), searchParams)
    if (request.method !== "GET") return refusal(405, `${pathname} takes GET`)
    const asset = assets.get(pathname)
    if (asset === undefined) return refusal(404, "there is no such page")
    return HttpServerResponse.uint8Array(asset.bytes, { contentType: `${asset.type}; charset=utf-8` })
  })

  const options = {
    host: "127.0.0.1",
    port: flags.port,
    flags: { port: "--port" },
    graceMillis: 0,
    ready: (url: string) => `Look at ${url}/\n`
  }
  return yield* serveHttp(options, (request, port) =>
    answerTo(request, port).pipe(
      Effect.catchTag(
        "BodyTooLarge",
        () => Effect.succeed(refusal(413, "a label is shorter", { connection: "close" }))
      ),
      Effect.catchAll(({ message }) => Effect.succeed(refusal(503, message))),
      Effect.map(HttpServerResponse.setHeaders(headers))
    ))
})

/** The page asks its own server only, runs its own script only, and is shown in no other page. */
const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store"
}
