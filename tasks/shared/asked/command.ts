/** A task for the command line: what it asks becomes options of @effect/cli, its program is loaded when it runs. */
import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import { type Answers, argumentIn, type Declaration, flagOf, flagsIn, type Question, type Questions } from "./asked.ts"
import { answersTyped, type Typed } from "./read.ts"
import { unwrapped } from "./verbatim.ts"

/** Values are taken as texts: what they must be is checked with the library's, in one place and in our words. */
const optionOf = (
  key: string,
  question: Question<unknown>
): Options.Options<ReadonlyArray<string> | boolean> => {
  const name = flagOf(key, question).slice(2)
  const option: Options.Options<ReadonlyArray<string> | boolean> = question.kind.placeholder === ""
    ? Options.boolean(name)
    : Options.map(Options.repeated(Options.text(name)), (tokens) => tokens.map(unwrapped))
  return question.alias === undefined ? option : Options.withAlias(option, question.alias)
}

const configOf = (declaration: Declaration) => ({
  flags: Options.all(Object.fromEntries(flagsIn(declaration).map(([key, question]) => [key, optionOf(key, question)]))),
  plain: argumentIn(declaration) === undefined ? Args.none : Args.repeated(Args.text())
})

/** Makes a task of what it asks and of its program: its declaration and its command. */
export const taskOf = <Q extends Questions, E, R>(
  declaration: Declaration<Q>,
  load: () => Promise<(answers: Answers<Q>) => Effect.Effect<void, E, R>>
) => ({
  declaration,
  command: Command.make(declaration.task, configOf(declaration), ({ flags, plain }) =>
    Effect.gen(function*() {
      const answers = yield* answersTyped(declaration, withArguments(declaration, flags, (plain ?? []).map(unwrapped)))
      // A module of ours that cannot be loaded is a broken installation: a bug, not an answer.
      const run = yield* Effect.promise(load)
      yield* run(answers)
    }))
})

/** Plain arguments answer the question that asks for them, behind what its flag says. */
const withArguments = (declaration: Declaration, flags: Typed, plain: ReadonlyArray<string>): Typed => {
  const argument = argumentIn(declaration)
  if (argument === undefined || plain.length === 0) return flags
  const [key] = argument
  const given = flags[key]
  return { ...flags, [key]: [...(Array.isArray(given) ? given : []), ...plain] }
}
