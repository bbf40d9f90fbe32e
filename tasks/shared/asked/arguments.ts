/** Puts a task's arguments into the order that the parser wants, and refuses what is no flag of the task. */
import * as Either from "effect/Either"
import { WrongUsage } from "../problems.ts"
import { argumentIn, type Declaration, flagOf, flagsIn, type Question } from "./asked.ts"
import { didYouMean } from "./suggest.ts"
import { wrapped } from "./verbatim.ts"

interface Flag {
  readonly name: string
  readonly question: Question<unknown>
}

/** Every spelling of a task's flags: names, aliases, the originals' names, and the other side of a switch. */
const spellings = (declaration: Declaration): ReadonlyMap<string, Flag> => {
  const found = new Map<string, Flag>()
  for (const [key, question] of flagsIn(declaration)) {
    const flag = { name: flagOf(key, question), question }
    found.set(flag.name, flag)
    if (question.alias !== undefined) found.set(`-${question.alias}`, flag)
    for (const original of question.originals ?? []) found.set(original, flag)
  }
  return found
}

/** What turns a switch to where it is anyway, such as --quality-filter: allowed, and of no effect. */
const idle = (declaration: Declaration): ReadonlySet<string> =>
  new Set(
    flagsIn(declaration).map(([key, question]) => flagOf(key, question)).filter((name) => name.startsWith("--no-"))
      .map((name) => `--${name.slice("--no-".length)}`)
  )

const isFlag = (arg: string): boolean => arg.startsWith("-") && arg !== "-"

/** Returns flags with their values first, then plain arguments; each flag by its own name, all values wrapped. */
export const arrangeArguments = (
  declaration: Declaration,
  args: ReadonlyArray<string>
): Either.Either<ReadonlyArray<string>, WrongUsage> => {
  const known = spellings(declaration)
  const withoutEffect = idle(declaration)
  const wrong = (detail: string) => Either.left(new WrongUsage({ detail }))
  const flags: Array<string> = []
  const plain: Array<string> = []
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? ""
    if (arg === "--") {
      plain.push(...args.slice(index + 1))
      break
    }
    if (!isFlag(arg)) {
      plain.push(arg)
      continue
    }
    const end = arg.startsWith("--") ? arg.indexOf("=") : -1
    const spelled = end === -1 ? arg : arg.slice(0, end)
    const flag = known.get(spelled)
    if (flag === undefined) {
      if (withoutEffect.has(spelled)) continue
      const names = [...known.keys(), ...withoutEffect, "--help"]
      return wrong(
        `Cannot use ${spelled}: ${declaration.task} has no such flag${didYouMean(spelled, names) || "; see its --help"}`
      )
    }
    const { inARow, placeholder } = flag.question.kind
    if (placeholder === "") {
      if (end !== -1) return wrong(`Cannot use ${arg}: ${flag.name} takes no value`)
      flags.push(flag.name)
      continue
    }
    if (end !== -1) {
      flags.push(flag.name, wrapped(arg.slice(end + 1)))
      continue
    }
    const first = args[index + 1]
    if (first === undefined) return wrong(`Cannot use ${spelled} without a value: it takes ${flag.question.kind.takes}`)
    index++
    const values = [first]
    if (inARow !== undefined) { while (inARow.test(args[index + 1] ?? "")) values.push(args[++index] ?? "") }
    flags.push(flag.name, wrapped(values.join(",")))
  }
  const argument = argumentIn(declaration)
  if (plain[0] !== undefined && argument === undefined) {
    return wrong(`Cannot use "${plain[0]}": ${declaration.task} takes flags only; see its --help`)
  }
  if (plain[1] !== undefined && argument?.[1].kind.isList !== true) {
    return wrong(`Cannot use "${plain[1]}": ${declaration.task} takes one ${argument?.[1].kind.placeholder} only`)
  }
  return Either.right([...flags, ...plain.map(wrapped)])
}
