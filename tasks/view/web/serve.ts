/** The web viewer: a server on this machine only, for a page that asks nobody else. */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { type HttpAnswer, httpAnswer, refusal } from "../../shared/http/answer.ts"
import { serveHttp, type Visit } from "../../shared/http/serve.ts"
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

  const answerTo = Effect.fnUntraced(function*(visit: Visit) {
    const { method, path } = visit
    if (path.startsWith(apiPath)) return yield* api(visit, path.slice(apiPath.length))
    const asset = assets.get(path)
    if (asset === undefined) return refusal(404, "there is no such page")
    if (method !== "GET") return refusal(405, `${path} takes GET`, { allow: "GET" })
    return httpAnswer(asset.bytes, `${asset.type}; charset=utf-8`)
  })

  const options = {
    host: "127.0.0.1",
    port: flags.port,
    flags: { port: "--port" },
    hasPage: true,
    graceMillis: 0,
    ready: (url: string) => `Look at ${url}/\n`
  }
  return yield* serveHttp(options, (visit) =>
    answerTo(visit).pipe(
      Effect.catchAll((failure) =>
        failure._tag === "UnfitBody" ? Effect.fail(failure) : Effect.succeed(refusal(503, failure.message))
      ),
      Effect.map((answer): HttpAnswer => ({ ...answer, headers: { ...answer.headers, ...headers } }))
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
