/** The flags of keys: names, defaults and help. */
import * as Options from "@effect/cli/Options"
import { notation, textOptions } from "../shared/text-input.ts"

const optionalText = (name: string) => Options.optional(Options.text(name))

export const keysOptions = {
  keys: optionalText("keys").pipe(
    Options.withAlias("k"),
    Options.withDescription("The keystrokes, such as 'ihello<Esc>'")
  ),
  ...textOptions,
  target: optionalText("target").pipe(
    Options.withDescription("File with the text that is wanted: without --keys, find keystrokes that make it")
  ),
  targetText: optionalText("target-text").pipe(Options.withDescription("The text that is wanted, instead of a file")),
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
