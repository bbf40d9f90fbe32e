/** Linter: says what is wrong with a text, by the rules of one tool. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ExitCode } from "./faults/exit-code.ts"

/** Opens the linter of one tool, language by language. */
export class Linter extends Context.Tag("retrace/Linter")<Linter, {
  /** Opens the linter of a language by its name; later calls give the same one back. */
  readonly open: (language: string) => Effect.Effect<LanguageLinter, LinterUnavailable>
}>() {}

/**
 * One tool for one language. A tool that runs in this process answers at once, because it is asked in the innermost
 * loops of worker threads; any other has to be waited for.
 */
export type LanguageLinter =
  & {
    /**
     * Whether the tool can look at a text without risk to this process. A part of such a text, by whole lines, is taken
     * too. One that is not taken is not looked at: `check` calls it broken.
     */
    readonly takes: (source: string) => boolean
  }
  & (
    | { readonly _tag: "immediate"; readonly check: (source: string) => ReadonlyArray<Problem> }
    | {
      readonly _tag: "waiting"
      readonly check: (source: string) => Effect.Effect<ReadonlyArray<Problem>, LinterFailed>
    }
  )

/** One complaint of a linter. */
export interface Problem {
  /** Name of the rule in the tool's own words, such as "F821". */
  readonly rule: string
  /** What the tool says, without positions, so that the same complaint about two states is the same text. */
  readonly message: string
  /** The line to blame, from 0, where only "\n" ends a line: removing it may mend the text. */
  readonly line: number
  /** Whether the text cannot be parsed at all. */
  readonly isSyntax: boolean
}

/** The tool is not installed, or does not know the language. */
export class LinterUnavailable extends Schema.TaggedError<LinterUnavailable>()("LinterUnavailable", {
  linter: Schema.String,
  language: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot lint ${this.language} with "${this.linter}": ${this.detail}`
  }
}

/** The tool broke or hung while it looked at one text; other texts are not affected. */
export class LinterFailed extends Schema.TaggedError<LinterFailed>()("LinterFailed", {
  linter: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot lint with "${this.linter}": ${this.detail}`
  }
}
