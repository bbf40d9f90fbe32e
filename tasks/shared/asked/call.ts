/** What a command line asks for: a page to print, or a task to run. */
import * as Either from "effect/Either"
import { WrongUsage } from "../problems.ts"
import { arrangeArguments } from "./arguments.ts"
import type { Declaration } from "./asked.ts"
import { renderCompletions, shells } from "./completions.ts"
import { renderHelp, renderOwnPage } from "./help.ts"
import { didYouMean } from "./suggest.ts"
import { renderTopic, topics } from "./topics.ts"

export type Call =
  | { readonly _tag: "page"; readonly text: string }
  /** Arguments as the parser takes them, the task first. */
  | { readonly _tag: "task"; readonly arguments: ReadonlyArray<string> }

/** What is known of the program that was called. */
export interface Called {
  /** What a user types before a task, such as "retrace". */
  readonly program: string
  readonly version: string
  /** Width of the terminal. */
  readonly columns: number
}

const overviewOf = (tasks: ReadonlyArray<Declaration>, { program, version }: Called): string =>
  [
    `retrace ${version}: turns the way code was written back into training data`,
    "",
    `Usage: ${program} <TASK> [OPTIONS]`,
    "",
    "Tasks:",
    ...tasks.map(({ summary, task }) => `  ${task.padEnd(15)} ${summary}`),
    "",
    `${program} <TASK> --help        flags and examples of a task`,
    `${program} --completions bash   completions for ${shells.join(", ")}`,
    `${program} --version            the version`,
    ""
  ].join("\n")

const isHelp = (arg: string | undefined): boolean => arg === "--help" || arg === "-h" || arg === "help"

/** Reads the arguments behind the program's name. */
export const readCall = (
  args: ReadonlyArray<string>,
  tasks: ReadonlyArray<Declaration>,
  called: Called
): Either.Either<Call, WrongUsage> => {
  const page = (text: string) => Either.right<Call>({ _tag: "page", text })
  const wrong = (detail: string) => Either.left(new WrongUsage({ detail }))
  const [first, ...rest] = args
  const names = tasks.map(({ task }) => task)
  const taskNamed = (name: string | undefined) => tasks.find(({ task }) => task === name)
  const noTask = (name: string) =>
    wrong(
      `Cannot run "${name}": there is no such task${
        didYouMean(name, names) || `; "${called.program}" alone lists them`
      }`
    )
  if (first === undefined) return page(overviewOf(tasks, called))
  if (first === "--version") return page(`${called.version}\n`)
  if (first === "--completions" || first.startsWith("--completions=")) {
    const shell = first === "--completions" ? rest[0] ?? "" : first.slice("--completions=".length)
    const known = shells.find((name) => name === shell)
    return known === undefined
      ? wrong(`Cannot complete for "${shell}": --completions takes ${shells.join(", ")}`)
      : page(renderCompletions(known, tasks, called.program))
  }
  if (isHelp(first)) {
    const [name] = rest
    if (name === undefined) return page(overviewOf(tasks, called))
    if (topics.includes(name)) return page(renderTopic(name, called.columns))
    const ofTasks = tasks.flatMap((declaration) => renderOwnPage(declaration, name, called.columns) ?? [])
    if (ofTasks.length > 0) return page(ofTasks.join("\n"))
    const declaration = taskNamed(name)
    return declaration === undefined ? noTask(name) : page(renderHelp(declaration, called.program, called.columns))
  }
  const declaration = taskNamed(first)
  if (declaration === undefined) {
    return first.startsWith("-")
      ? wrong(`Cannot use ${first} before a task: "${called.program}" alone lists the tasks`)
      : noTask(first)
  }
  const end = rest.indexOf("--")
  const asking = (end === -1 ? rest : rest.slice(0, end)).findIndex((arg) => arg === "--help" || arg === "-h")
  if (asking !== -1) {
    const topic = rest[asking + 1] ?? ""
    return page(
      topics.includes(topic)
        ? renderTopic(topic, called.columns)
        : renderOwnPage(declaration, topic, called.columns) ??
          renderHelp(declaration, called.program, called.columns)
    )
  }
  return Either.map(
    arrangeArguments(declaration, rest),
    (arranged): Call => ({ _tag: "task", arguments: [first, ...arranged] })
  )
}
