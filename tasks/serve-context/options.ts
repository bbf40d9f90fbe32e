/** The flags of serve-context. */
import * as Options from "@effect/cli/Options"

export const serveOptions = {
  socket: Options.optional(Options.text("socket")).pipe(
    Options.withDescription("Serve several editors on this Unix socket, or on this port of 127.0.0.1")
  ),
  mcp: Options.boolean("mcp").pipe(
    Options.withDescription("Speak the Model Context Protocol, about the project of --root")
  ),
  proxyInfill: Options.optional(Options.text("proxy-infill")).pipe(
    Options.withDescription("Stand before the llama.cpp server at this URL and add context to its /infill")
  ),
  listen: Options.optional(Options.text("listen")).pipe(
    Options.withDescription("Port of 127.0.0.1 for --proxy-infill")
  ),
  root: Options.text("root").pipe(
    Options.withDefault("."),
    Options.withDescription("The project of --mcp and --proxy-infill (default: the current folder)")
  ),
  includePath: Options.text("include-path").pipe(
    Options.repeated,
    Options.withDescription("Another folder to take context from, for --mcp and --proxy-infill; may be repeated")
  ),
  bm25Weighting: Options.choice("bm25-weighting", ["lucene", "okapi"]).pipe(
    Options.withDefault("lucene"),
    Options.withDescription("How BM25 weighs frequent terms: lucene, or okapi as rank_bm25 does (default: lucene)")
  ),
  errorCodes: Options.choice("error-codes", ["original", "readme"]).pipe(
    Options.withDefault("original"),
    Options.withDescription("The code of \"not initialized\": original is -32000, readme is -1 (default: original)")
  ),
  noWatch: Options.boolean("no-watch").pipe(
    Options.withDescription("Do not follow changes on disk; clients tell of them")
  ),
  noCache: Options.boolean("no-cache").pipe(
    Options.withDescription("Neither read nor keep indexes in the cache folder")
  )
}

type Infer<A> = A extends Options.Options<infer B> ? B : never
export type ServeFlags = { readonly [K in keyof typeof serveOptions]: Infer<(typeof serveOptions)[K]> }
