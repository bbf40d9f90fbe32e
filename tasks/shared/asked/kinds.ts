/**
 * The kinds of values that a task can be asked for. A kind reads what is typed, knows its values when a program passes
 * them, and says in a few words what it takes: the command line, the library, help and completions all go by it.
 */
import * as Schema from "effect/Schema"

export interface Kind<A> {
  /** What stands for the value in help, such as "N"; empty for a switch, which takes none. */
  readonly placeholder: string
  /** Ends the sentence "it takes …". */
  readonly takes: string
  /** Gives the value that a text stands for; what is no value of the kind is refused by `is` afterwards. */
  readonly read: (text: string) => unknown
  /** Whether it is a value of the kind; bounds count. */
  readonly is: (value: unknown) => value is A
  /** How a value is written on a command line. */
  readonly show: (value: unknown) => string
  /** How a text that is no value of the kind is quoted, where it may hold a secret. */
  readonly quote?: (text: string) => string
  /** The values there are, where they can be listed. */
  readonly choices?: ReadonlyArray<string>
  /** What a shell offers as values. */
  readonly completes?: "files" | "folders"
  /** Whether the flag may be repeated, its texts being joined into one list. */
  readonly isList?: boolean
  /** For a list: values of this form may follow the flag one after another, as in `--extensions .js .py`. */
  readonly inARow?: RegExp
}

/** Shows a value as it is typed. */
const plainly = (value: unknown): string => String(value)

/** Any text. */
export const text = (placeholder = "TEXT"): Kind<string> => ({
  placeholder,
  takes: "a text",
  read: (typed) => typed,
  is: Schema.is(Schema.String),
  show: plainly
})

/** A path of a file. */
export const file = (placeholder = "FILE"): Kind<string> => ({
  ...text(placeholder),
  takes: "a path of a file",
  completes: "files"
})

/** A path of a folder. */
export const folder = (placeholder = "DIR"): Kind<string> => ({
  ...text(placeholder),
  takes: "a path of a folder",
  completes: "folders"
})

export interface Bounds {
  readonly from?: number
  readonly to?: number
  readonly above?: number
  readonly below?: number
}

const boundsInWords = ({ above, below, from, to }: Bounds): string => {
  const start = from !== undefined ? ` from ${from}` : above !== undefined ? ` above ${above}` : ""
  const end = to !== undefined ? ` to ${to}` : below !== undefined ? ` and below ${below}` : ""
  return start !== "" && end === "" && from !== undefined ? ` of at least ${from}` : `${start}${end}`
}

const within = ({ above, below, from, to }: Bounds) => (value: number): boolean =>
  (from === undefined || value >= from) && (to === undefined || value <= to) &&
  (above === undefined || value > above) && (below === undefined || value < below)

/** A text that is a number, whole, and nothing else; an empty one is none. */
const readNumber = (typed: string): number => (typed.trim() === "" ? Number.NaN : Number(typed))

/** A whole number. */
export const whole = (bounds: Bounds = {}, placeholder = "N"): Kind<number> => ({
  placeholder,
  takes: `a whole number${boundsInWords(bounds)}`,
  read: readNumber,
  is: Schema.is(Schema.Number.pipe(Schema.int(), Schema.filter(within(bounds)))),
  show: plainly
})

/** A number. */
export const number = (bounds: Bounds = {}, placeholder = "N"): Kind<number> => ({
  placeholder,
  takes: `a number${boundsInWords(bounds)}`,
  read: readNumber,
  is: Schema.is(Schema.Number.pipe(Schema.finite(), Schema.filter(within(bounds)))),
  show: plainly
})

/** Whole mebibytes on the command line, bytes everywhere else. */
export const mebibytes = (bounds: Bounds, placeholder = "MIB"): Kind<number> => {
  const unit = 1024 * 1024
  return {
    placeholder,
    takes: `a whole number of mebibytes${boundsInWords(bounds)}`,
    read: (typed) => readNumber(typed) * unit,
    is: Schema.is(Schema.Number.pipe(Schema.int(), Schema.filter((bytes) => within(bounds)(bytes / unit)))),
    show: (bytes) => String(Number(bytes) / unit)
  }
}

/** A time such as 120ms or 0.5s on the command line; seconds everywhere else. */
export const duration = (placeholder = "TIME"): Kind<number> => ({
  placeholder,
  takes: "a time above 0, such as 120ms or 0.5s",
  read: (typed) => {
    const match = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(typed)
    return Number(match?.[1]) * (match?.[2] === "ms" ? 0.001 : 1)
  },
  is: Schema.is(Schema.Number.pipe(Schema.finite(), Schema.positive())),
  show: (seconds) => (Number(seconds) < 1 ? `${Math.round(Number(seconds) * 1000)}ms` : `${String(seconds)}s`)
})

/**
 * One of some names. A name is found whatever its case; `spelled` gives the name that another spelling stands for, and
 * `summary` stands for a list that is too long to be read in a sentence.
 */
export const oneOf = <const A extends string>(
  names: ReadonlyArray<A>,
  more: {
    readonly placeholder?: string
    readonly spelled?: (typed: string) => string | undefined
    readonly summary?: string
  } = {}
): Kind<A> => ({
  placeholder: more.placeholder ?? names.join("|"),
  takes: more.summary ?? (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`),
  read: (typed) =>
    names.find((name) => name === typed) ?? names.find((name) => name.toLowerCase() === typed.toLowerCase()) ??
      more.spelled?.(typed) ?? typed,
  is: (value): value is A => names.some((name) => name === value),
  show: plainly,
  choices: names
})

/** A list of values of one kind: the flag repeated, a comma list, or both. */
export const listOf = <A>(
  kind: Kind<A>,
  more: { readonly takes?: string; readonly inARow?: RegExp; readonly isSplit?: boolean } = {}
): Kind<ReadonlyArray<A>> => ({
  placeholder: kind.placeholder,
  takes: more.takes ?? kind.takes,
  read: (typed) =>
    more.isSplit === false
      ? [kind.read(typed)]
      : typed.split(/[,\s]+/).filter((part) => part !== "").map((part) => kind.read(part)),
  is: (value): value is ReadonlyArray<A> => Array.isArray(value) && value.every((part) => kind.is(part)),
  show: (value) => (Array.isArray(value) ? value.map((part) => kind.show(part)).join(",") : plainly(value)),
  isList: true,
  ...(kind.choices === undefined ? {} : { choices: kind.choices }),
  ...(kind.completes === undefined ? {} : { completes: kind.completes }),
  ...(more.inARow === undefined ? {} : { inARow: more.inARow })
})

/** Each flag's text is one value, whatever is in it: paths may hold commas and spaces. */
export const repeated = <A>(kind: Kind<A>): Kind<ReadonlyArray<A>> => listOf(kind, { isSplit: false })

/** A switch: it is there or not. */
export const onOff: Kind<boolean> = {
  placeholder: "",
  takes: "true or false",
  read: (typed) => typed === "true",
  is: Schema.is(Schema.Boolean),
  show: plainly
}
