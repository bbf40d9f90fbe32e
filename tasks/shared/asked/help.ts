/** The help page of a task, made from its declaration: usage, a sentence, examples, flags in two columns. */
import { argumentIn, type Declaration, flagOf, type Heading, headings, ownPages, type Question } from "./asked.ts"

/** A page is no wider, however wide the terminal is. */
const widest = 110
/** Nor is it narrower: below this a terminal breaks the lines itself. */
const narrowest = 40

/** Breaks a text at spaces into lines of at most `width` columns; a word that is longer stands whole on its line. */
export const wrapWords = (text: string, width: number): ReadonlyArray<string> => fill(text.split(" "), width)

/** The same for the right column: a short default in brackets is not broken. */
const wrapWithDefault = (text: string, width: number): ReadonlyArray<string> => {
  const at = text.lastIndexOf(" [")
  const isShort = at !== -1 && text.length - at - 1 <= width / 2
  return isShort ? fill([...text.slice(0, at).split(" "), text.slice(at + 1)], width) : wrapWords(text, width)
}

const fill = (words: ReadonlyArray<string>, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ""
  for (const word of words) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === "" ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** A flag with all its names and what stands for its value. */
const leftColumn = (key: string, question: Question<unknown>): string => {
  const { alias, argument, kind } = question
  if (argument === "only") return `<${kind.placeholder}>`
  const short = alias === undefined ? "    " : `-${alias}, `
  const value = kind.placeholder === "" ? "" : ` <${kind.placeholder}>`
  return `${short}${flagOf(key, question)}${value}`
}

/** What it does, with its default. */
export const rightColumn = ({ default: fallback, help, kind, otherwise }: Question<unknown>): string => {
  const isNamed = fallback !== undefined && kind.placeholder !== "" && kind.show(fallback) !== ""
  const shown = otherwise ?? (isNamed ? kind.show(fallback) : undefined)
  return shown === undefined ? help : `${help} [default: ${shown}]`
}

/** The usage of a task in one line. */
export const usageOf = (program: string, declaration: Declaration): string => {
  const argument = argumentIn(declaration)
  const named = argument === undefined ? "" : `<${argument[1].kind.placeholder}>`
  const more = argument?.[1].kind.isList === true ? "..." : ""
  const isOptional = argument !== undefined && argument[1].required === undefined
  const shown = named === "" ? "" : isOptional ? ` [${named.slice(1, -1)}]` : ` ${named}${more}`
  return `${program} ${declaration.task} [OPTIONS]${shown}`
}

/** Columns of names before what they do, and the space between both. */
const indent = 2
const gap = 2

interface Row {
  readonly left: string
  readonly right: string
}

/** A call, continued on the next line as in a shell where it is too long. */
const renderExample = (call: string, width: number): ReadonlyArray<string> => {
  const lines = wrapWords(call.trimEnd(), width - 2 * indent - 2)
  return lines.map((line, at) =>
    `${" ".repeat(at === 0 ? indent : 2 * indent)}${line}${at < lines.length - 1 ? " \\" : ""}`
  )
}

/** The rows under each heading that has any, in the order of headings. */
const rowsUnder = (declaration: Declaration): ReadonlyMap<Heading, ReadonlyArray<Row>> => {
  const rows = new Map<Heading, Array<Row>>()
  for (const [key, question] of Object.entries(declaration.questions)) {
    const row = { left: leftColumn(key, question), right: rightColumn(question) }
    rows.set(question.heading, [...rows.get(question.heading) ?? [], row])
  }
  return new Map(headings.flatMap((heading) => {
    const found = rows.get(heading)
    return found === undefined ? [] : [[heading, found] as const]
  }))
}

/** How help itself is asked for: this page, and those that a task has besides. */
const helpRows = (others: Iterable<Heading>): ReadonlyArray<Row> => [
  { left: "-h, --help", right: "Show this page" },
  ...[...others].flatMap((heading) => {
    const page = ownPages.get(heading)
    return page === undefined ? [] : [{ left: `    --help ${page.topic}`, right: `Flags that ${page.purpose}` }]
  })
]

type HelpSection = readonly [heading: Heading, rows: ReadonlyArray<Row>]

/** Renders the page; `program` is what a user types before the task, `columns` the width of the terminal. */
export const renderHelp = (declaration: Declaration, program: string, columns: number): string => {
  const width = Math.max(narrowest, Math.min(columns, widest))
  const all = rowsUnder(declaration)
  const shown = new Map([...all].filter(([heading]) => !ownPages.has(heading)))
  shown.set("Run", [...shown.get("Run") ?? [], ...helpRows(all.keys())])
  return [
    ...wrapWords(declaration.sentence, width),
    "",
    `Usage: ${usageOf(program, declaration)}`,
    "",
    "Examples:",
    ...declaration.examples.flatMap((example) => renderExample(`${program} ${declaration.task} ${example}`, width)),
    ...renderSections([...shown], width)
  ].join("\n") + "\n"
}

/** Renders the page that a heading of a task has for itself, or nothing where the task has no such heading. */
export const renderOwnPage = (declaration: Declaration, topic: string, columns: number): string | undefined => {
  const width = Math.max(narrowest, Math.min(columns, widest))
  const section = [...rowsUnder(declaration)].find(([heading]) => ownPages.get(heading)?.topic === topic)
  const page = section === undefined ? undefined : ownPages.get(section[0])
  return section === undefined || page === undefined
    ? undefined
    : [
      ...wrapWords(`Flags of ${declaration.task} that ${page.purpose}.`, width),
      ...renderSections([section], width)
    ].join("\n") + "\n"
}

/** Each heading with its rows in two columns, after an empty line. */
const renderSections = (sections: ReadonlyArray<HelpSection>, width: number): ReadonlyArray<string> => {
  const longest = Math.max(...sections.flatMap(([, rows]) => rows.map(({ left }) => left.length)))
  const column = Math.min(indent + longest + gap, Math.floor(width / 2))
  const describe = ({ left, right }: Row): ReadonlyArray<string> => {
    const lines = wrapWithDefault(right, width - column)
    const head = `${" ".repeat(indent)}${left}`
    const [first = "", ...rest] = lines
    const isLong = head.length + gap > column
    return [
      ...(isLong ? [head, `${" ".repeat(column)}${first}`] : [head.padEnd(column) + first]),
      ...rest.map((line) => `${" ".repeat(column)}${line}`)
    ]
  }
  return sections.flatMap(([heading, rows]) => ["", `${heading}:`, ...rows.flatMap(describe)])
}
