/**
 * All that a task can be asked, declared once. Flags, help, completions, checks, the library's options, the settings
 * in metadata and the table in the task's README are all made from one declaration.
 */
import { type Kind, onOff } from "./kinds.ts"

/** The headings of help, in their order. */
export const headings = [
  "Input",
  "Rows",
  "Formats",
  "Next edits",
  "Context",
  "Quality",
  "Publish",
  "Model",
  "Text",
  "Server",
  "Output",
  "Sandbox",
  "Many machines",
  "Run"
] as const
export type Heading = (typeof headings)[number]

/** A page of help of its own, for a heading that most runs do not need. */
export interface OwnPage {
  /** The word behind --help. */
  readonly topic: string
  /** What its flags are for, as in "Flags that …". */
  readonly purpose: string
}

/** The headings that the help of a task names in one line each; `--help <topic>` lists their flags. */
export const ownPages: ReadonlyMap<Heading, OwnPage> = new Map([
  ["Publish", { topic: "publish", purpose: "make a dataset fit to publish" }],
  ["Many machines", { topic: "machines", purpose: "share the work among machines" }]
])

/** Headings whose answers decide the rows: these are the settings that a dataset's metadata holds. */
const deciding: ReadonlySet<Heading> = new Set([
  "Input",
  "Rows",
  "Formats",
  "Next edits",
  "Context",
  "Quality",
  "Publish",
  "Model"
])

/** One thing that can be asked. */
export interface Question<A> {
  readonly kind: Kind<A>
  readonly heading: Heading
  /** What it does, in a few words: help shows it on one line where the terminal is wide enough. */
  readonly help: string
  /** What else is to be known; the README says it, help does not. */
  readonly more?: string
  /** Name of the flag without its dashes; the key with dashes when left out. */
  readonly flag?: string
  /** One letter. */
  readonly alias?: string
  /** The same flag by the names that an original gives it, with their dashes. */
  readonly originals?: ReadonlyArray<string>
  /** The value when nothing is said. */
  readonly default?: A
  /** What stands for a default in help where it is no single value, such as "one for each core". */
  readonly otherwise?: string
  /** The sentence for when it is missing: without it the task cannot start. */
  readonly required?: string
  /** The key of another question: once that one is answered, this one need not be. */
  readonly requiredUnless?: string
  /** Whether it is, or may also be, a plain argument. */
  readonly argument?: "only" | "too"
  /** Whether the command line alone has it: the library does not. */
  readonly onlyTyped?: true
  /** Whether the answer stands in the dataset's metadata; by its heading when left out. */
  readonly isRecorded?: boolean
}

export type Questions = Readonly<Record<string, Question<unknown>>>

/** A task and all its questions. */
export interface Declaration<Q extends Questions = Questions> {
  readonly task: string
  /** What the task does, in a line of the overview. */
  readonly summary: string
  /** The same as a sentence, for the head of its help. */
  readonly sentence: string
  /** Calls without the program's name. */
  readonly examples: ReadonlyArray<string>
  readonly questions: Q
}

/** Keeps the exact types of the questions. */
export const declare = <const Q extends Questions>(declaration: Declaration<Q>): Declaration<Q> => declaration

/** A switch. Where it is on by default its flag is the one that turns it off: "--no-…". */
export const toggle = <const O extends Omit<Question<boolean>, "kind" | "default"> & { readonly default?: boolean }>(
  question: O
) => ({ default: false, ...question, kind: onOff })

type ValueOf<Q> = Q extends { readonly kind: Kind<infer A> }
  ? Q extends { readonly default: unknown } | { readonly required: string } ? A : A | undefined
  : never

/** What a task is told: a value for every question, undefined only where there is no default. */
export type Answers<Q extends Questions> = { readonly [K in keyof Q]: ValueOf<Q[K]> }

/** The answers to the questions of a declaration. */
export type AnswersTo<D> = D extends Declaration<infer Q> ? Answers<Q> : never

/** What a program may pass: the questions that are not of the command line alone, each of them optional. */
export type Choices<D> = D extends Declaration<infer Q> ? {
    readonly [K in keyof Q as Q[K] extends { readonly onlyTyped: true } ? never : K]?: Q[K] extends {
      readonly kind: Kind<infer A>
    } ? A | undefined
      : never
  }
  : never

/** The name of a question, as its flag has it, without dashes; the settings in metadata stand under it. */
export const settingName = (key: string, { flag }: Question<unknown>): string =>
  flag ?? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The name of a question's flag, with its dashes; what is on by default has the flag that turns it off. */
export const flagOf = (key: string, question: Question<unknown>): string =>
  question.kind.placeholder === "" && question.default === true
    ? `--no-${settingName(key, question)}`
    : `--${settingName(key, question)}`

/** The questions that have a flag, with their keys, in their order. */
export const flagsIn = (
  { questions }: Declaration
): ReadonlyArray<readonly [key: string, question: Question<unknown>]> =>
  Object.entries(questions).filter(([, { argument }]) => argument !== "only")

/** The question that a plain argument answers, or undefined where the task takes none. */
export const argumentIn = (
  { questions }: Declaration
): readonly [key: string, question: Question<unknown>] | undefined =>
  Object.entries(questions).find(([, { argument }]) => argument !== undefined)

/** Whether the answer decides what the rows are. */
export const isRecorded = ({ heading, isRecorded: said }: Question<unknown>): boolean => said ?? deciding.has(heading)

/**
 * The answers that decide the rows, by flag: the settings in metadata. `contents` stands for answers that name files,
 * by key: what the files hold counts, not where they lie.
 */
export const settingsIn = <Q extends Questions>(
  declaration: Declaration<Q>,
  answers: Answers<Q>,
  contents: { readonly [K in keyof Q]?: unknown } = {}
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(declaration.questions).filter(([, question]) => isRecorded(question)).map(([key, question]) => [
      settingName(key, question),
      (key in contents ? contents[key] : answers[key]) ?? null
    ])
  )
