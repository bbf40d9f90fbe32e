/** Reads answers: from what was typed, or from the options that a program passes. What is wrong is told by flag and value. */
import * as Effect from "effect/Effect"
import { WrongUsage } from "../problems.ts"
import { type Answers, type Choices, type Declaration, flagOf, type Question, type Questions } from "./asked.ts"
import type { Kind } from "./kinds.ts"
import { didYouMean } from "./suggest.ts"

/** What the command line holds for a question: each text that was given, or whether a switch was. */
export type Typed = Readonly<Record<string, ReadonlyArray<string> | boolean>>

const wrong = (detail: string) => new WrongUsage({ detail })

/** Whether a value is one of the question's kind, and if not, what to say. */
const refusal = (key: string, question: Question<unknown>, value: unknown, shown: string): WrongUsage | undefined => {
  const { choices, is, takes } = question.kind
  const isRight: boolean = is(value)
  if (isRight) return undefined
  const name = question.argument === "only" ? question.kind.placeholder : flagOf(key, question)
  const odd = Array.isArray(value) && choices !== undefined
    ? value.map(String).find((part) => !choices.includes(part)) ?? shown
    : shown
  const meant = choices === undefined ? "" : didYouMean(odd, choices)
  return wrong(`Cannot use ${name} ${odd === "" ? "without a value" : odd}: it takes ${takes}${meant}`)
}

const textsOf = (given: Typed[string] | undefined): ReadonlyArray<string> => typeof given === "object" ? given : []

/** The sentence for when the question is not answered, unless the answer to another one does. */
const requiredBeside = (
  { required, requiredUnless }: Question<unknown>,
  isGiven: (key: string) => boolean
): string | undefined => requiredUnless !== undefined && isGiven(requiredUnless) ? undefined : required

/** Reads the texts of the command line. */
export const answersTyped = Effect.fnUntraced(function*<Q extends Questions>(
  { questions }: Declaration<Q>,
  typed: Typed
) {
  const answers: Record<string, unknown> = {}
  for (const [key, question] of Object.entries(questions)) {
    const { default: fallback, kind } = question
    const required = requiredBeside(question, (other) => textsOf(typed[other]).length > 0)
    const given = typed[key]
    if (typeof given === "boolean") {
      answers[key] = given ? fallback !== true : fallback
      continue
    }
    const texts = textsOf(given)
    if (texts.length === 0) {
      if (required !== undefined) return yield* wrong(required)
      answers[key] = fallback
      continue
    }
    if (texts.length > 1 && kind.isList !== true) {
      const name = question.argument === "only" ? kind.placeholder : flagOf(key, question)
      return yield* wrong(`Cannot use ${name} ${texts.length} times: it takes one value`)
    }
    const values = texts.map((text) => kind.read(text))
    const value = kind.isList === true ? values.flat() : values[0]
    const shown = texts.join(" ")
    const refused = refusal(key, question, value, kind.quote?.(shown) ?? shown)
    if (refused !== undefined) return yield* refused
    answers[key] = value
  }
  // Every question of the declaration has its answer now, of its own kind.
  return answers as Answers<Q>
})

/** A name or a date may be spelled as on the command line; a number is a number. */
const respelled = (kind: Kind<unknown>, chosen: unknown): unknown => {
  if (kind.isList === true) {
    return kind.choices !== undefined && Array.isArray(chosen)
      ? chosen.flatMap((part) => (typeof part === "string" ? kind.read(part) : [part]))
      : chosen
  }
  const read = typeof chosen === "string" ? kind.read(chosen) : undefined
  return typeof read === "string" ? read : chosen
}

/** Checks the options of a program, and fills in the defaults. */
export const answersChosen = Effect.fnUntraced(function*<D extends Declaration>(
  declaration: D,
  choices: Choices<D>
) {
  const given = new Map<string, unknown>(Object.entries(choices))
  const answers: Record<string, unknown> = {}
  for (const [key, question] of Object.entries(declaration.questions)) {
    const { default: fallback, kind, onlyTyped } = question
    const required = requiredBeside(question, (other) => given.get(other) !== undefined)
    const chosen = onlyTyped === true ? undefined : given.get(key)
    if (chosen === undefined || (required !== undefined && Array.isArray(chosen) && chosen.length === 0)) {
      if (required !== undefined) return yield* wrong(required)
      answers[key] = fallback
      continue
    }
    const value = respelled(kind, chosen)
    const refused = refusal(key, question, value, kind.show(chosen))
    if (refused !== undefined) return yield* refused
    answers[key] = value
  }
  // As above: each answer was checked by its own kind.
  return answers as D extends Declaration<infer Q> ? Answers<Q> : never
})
