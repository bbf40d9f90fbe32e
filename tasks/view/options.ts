/** The flags of view: names, defaults and help. */
import * as Args from "@effect/cli/Args"
import * as Options from "@effect/cli/Options"

export const viewArgs = {
  file: Args.text({ name: "file" }).pipe(
    Args.optional,
    Args.withDescription("A file of rows: JSON Lines or Parquet, ours or another tool's")
  )
}

export const viewOptions = {
  directory: Options.optional(Options.text("directory")).pipe(
    Options.withAlias("d"),
    Options.withDescription("A folder: all files of rows in it, tab goes from one to the next")
  ),
  row: Options.optional(Options.integer("row")).pipe(
    Options.withDescription("Print one row, counted from 1, and end")
  ),
  json: Options.boolean("json").pipe(
    Options.withDescription("With --row or --stats: print JSON")
  ),
  plain: Options.boolean("plain").pipe(
    Options.withDescription("Print all rows as text, one after another")
  ),
  stats: Options.boolean("stats").pipe(
    Options.withDescription("Print what is in the file: shapes, labels, languages, lengths")
  ),
  web: Options.boolean("web").pipe(
    Options.withDescription("Show the rows in a browser, on a page that only this machine can reach")
  ),
  port: Options.integer("port").pipe(
    Options.withDefault(0),
    Options.withDescription("With --web: the port (default: one that is free, which is told)")
  ),
  filter: Options.optional(Options.text("filter")).pipe(
    Options.withDescription("Only rows whose field holds a value, as in --filter language=python")
  )
}

type Infer<A> = A extends Options.Options<infer B> ? B : never
/** What the command line gives once it is read. */
export type ViewFlags = { readonly [K in keyof typeof viewOptions]: Infer<(typeof viewOptions)[K]> }
