/** The flags of record: names, defaults and help. */
import * as Options from "@effect/cli/Options"
import { notation, textOptions } from "../shared/text-input.ts"

const optionalText = (name: string) => Options.optional(Options.text(name))

export const recordOptions = {
  keys: Options.text("keys").pipe(
    Options.withAlias("k"),
    Options.withDescription("The keystrokes, such as 'iHello, Vim!<Esc>'")
  ),
  ...textOptions,
  notation,
  output: optionalText("output").pipe(
    Options.withAlias("o"),
    Options.withDescription("File for the recording; - or nothing writes it to standard output")
  ),
  castVersion: Options.choice("cast-version", ["2", "3"]).pipe(
    Options.withDefault("2"),
    Options.withDescription("Version of the asciicast format (default: 2)")
  ),
  interval: Options.text("interval").pipe(
    Options.withDefault("120ms"),
    Options.withDescription("Time from key to key in the recording, such as 120ms or 0.5s (default: 120ms)")
  ),
  columns: Options.integer("columns").pipe(
    Options.withDefault(80),
    Options.withDescription("Columns of the terminal (default: 80)")
  ),
  rows: Options.integer("rows").pipe(
    Options.withDefault(24),
    Options.withDescription("Rows of the terminal (default: 24)")
  ),
  gif: optionalText("gif").pipe(Options.withDescription("Also render a GIF, with the program agg")),
  svg: optionalText("svg").pipe(Options.withDescription("Also render an animated SVG, with the program svg-term")),
  overwrite: Options.boolean("overwrite").pipe(Options.withDescription("Replace files of the same names"))
}

type Infer<A> = A extends Options.Options<infer B> ? B : never
/** What the command line gives once it is read. */
export type RecordFlags = { readonly [K in keyof typeof recordOptions]: Infer<(typeof recordOptions)[K]> }
