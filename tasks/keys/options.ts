/** The flags of keys: names, defaults and help. */
import * as Options from "@effect/cli/Options"

const optionalText = (name: string) => Options.optional(Options.text(name))

export const notation = Options.choice("notation", ["canonical", "lenient"]).pipe(
  Options.withDefault("canonical"),
  Options.withDescription(
    "canonical: VimGolf's, as in <Esc>, <CR>, <C-v>, <lt>; lenient: also \\033, \\x1b, {esc}, \\n and names in any case"
  )
)

export const keysOptions = {
  keys: optionalText("keys").pipe(
    Options.withAlias("k"),
    Options.withDescription("The keystrokes, such as 'ihello<Esc>'")
  ),
  source: optionalText("source").pipe(
    Options.withDescription("File with the text; - reads standard input (default: an empty text)")
  ),
  text: optionalText("text").pipe(Options.withDescription("The text itself, instead of a file")),
  batch: optionalText("batch").pipe(
    Options.withDescription(
      "JSON Lines instead, each with source and keys (or transform), and target if it shall be compared; - reads standard input"
    )
  ),
  notation,
  json: Options.boolean("json").pipe(
    Options.withDescription("Print the outcome as JSON: how it ended, text, mode, cursor, keystrokes")
  )
}

type Infer<A> = A extends Options.Options<infer B> ? B : never
/** What the command line gives once it is read. */
export type KeysFlags = { readonly [K in keyof typeof keysOptions]: Infer<(typeof keysOptions)[K]> }
