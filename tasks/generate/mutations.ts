/**
 * Ways to spoil a middle so that it still looks like code: each proposes one other text for the middle, from the
 * syntax around it. Whether a proposal is good enough is judged in negatives.ts.
 */
import {
  isArgumentList,
  isBody,
  isName,
  isNumber,
  isRoot,
  isStatementType,
  isStringText
} from "../../services/cuts/node-roles.ts"
import type { SyntaxNodes } from "../../services/Parser.ts"
import type { Random } from "../../services/text/random.ts"
import { endOfLine, isWithin, lengthOf, type Span, startOfLine } from "../../services/text/span.ts"

/** What a mutation may look at. Offsets count in `text`. */
export interface Scene {
  readonly text: string
  readonly middle: Span
  /** Nodes of the middle and of its surroundings. */
  readonly nodes: SyntaxNodes
  /** Middles of the same kind elsewhere in the file. */
  readonly others: ReadonlyArray<Span>
}

/** Proposes another middle, or undefined where the scene offers no place for it. */
export type Mutation = (scene: Scene, random: Random) => string | undefined

/** Replaces a part of the middle; `part` lies within it. */
const replaceIn = ({ middle, text }: Scene, part: Span, replacement: string): string =>
  text.slice(middle.start, part.start) + replacement + text.slice(part.end, middle.end)

const spanAt = (nodes: SyntaxNodes, row: number): Span => ({ start: nodes.start[row] ?? 0, end: nodes.end[row] ?? 0 })
const textAt = (scene: Scene, row: number): string =>
  scene.text.slice(scene.nodes.start[row] ?? 0, scene.nodes.end[row] ?? 0)

/** Rows inside the middle for which `isWanted` holds of the type. */
const rowsInside = (scene: Scene, isWanted: (type: string, row: number) => boolean): ReadonlyArray<number> => {
  const { middle, nodes } = scene
  const rows: Array<number> = []
  for (let row = 0; row < nodes.count; row++) {
    if (isWithin(spanAt(nodes, row), middle) && isWanted(nodes.type[row] ?? "", row)) rows.push(row)
  }
  return rows
}

const isLeafOf = (scene: Scene, isWanted: (type: string) => boolean) => (type: string, row: number): boolean =>
  scene.nodes.isLeaf[row] === 1 && isWanted(type)

/** Words that parse as names but mean something fixed. */
const fixedWords = new Set(["self", "this", "super", "cls", "None", "True", "False", "null", "nil", "true", "false"])

/** Another name of the same type, from the middle or around it. */
const swapIdentifier: Mutation = (scene, random) => {
  const sites = rowsInside(scene, isLeafOf(scene, isName)).filter((row) => !fixedWords.has(textAt(scene, row)))
  const site = random.pick(sites)
  if (site === undefined) return undefined
  const type = scene.nodes.type[site]
  const name = textAt(scene, site)
  const names = new Set<string>()
  for (let row = 0; row < scene.nodes.count; row++) {
    if (scene.nodes.type[row] !== type || scene.nodes.isLeaf[row] !== 1) continue
    const other = textAt(scene, row)
    if (other !== name && !fixedWords.has(other) && isLikeCase(other, name)) names.add(other)
  }
  const other = random.pick([...names])
  return other === undefined ? undefined : replaceIn(scene, spanAt(scene.nodes, site), other)
}

/** Whether two names are written in one convention, so that the swap is not seen at a glance. */
const isLikeCase = (a: string, b: string): boolean => caseOf(a) === caseOf(b)
const caseOf = (name: string): string =>
  /^[^a-z]*$/.test(name) ? "upper" : /^[^\p{L}]*\p{Lu}/u.test(name) ? "capital" : "lower"

const operatorSwaps: Readonly<Record<string, ReadonlyArray<string>>> = {
  "+": ["-"],
  "-": ["+"],
  "*": ["/", "+"],
  "/": ["*"],
  "%": ["/"],
  "<": ["<=", ">"],
  "<=": ["<", ">="],
  ">": [">=", "<"],
  ">=": [">", "<="],
  "==": ["!="],
  "!=": ["=="],
  "===": ["!=="],
  "!==": ["==="],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["||"],
  "and": ["or"],
  "or": ["and"],
  "+=": ["-="],
  "-=": ["+="],
  "*=": ["/="],
  "++": ["--"],
  "--": ["++"],
  "<<": [">>"],
  ">>": ["<<"],
  "&": ["|"],
  "|": ["&"],
  "is": ["=="],
  "in": ["not in"],
  "..": ["..="],
  "-eq": ["-ne"],
  "-ne": ["-eq"],
  "-lt": ["-le"],
  "-gt": ["-ge"],
  "-z": ["-n"],
  "-n": ["-z"]
}

/** Another operator, or a number one off. */
const swapOperator: Mutation = (scene, random) => {
  const operators = rowsInside(
    scene,
    (type, row) => scene.nodes.isLeaf[row] === 1 && Object.hasOwn(operatorSwaps, type)
  )
  const numbers = rowsInside(scene, isLeafOf(scene, isNumber)).filter((row) => /^\d{1,9}$/.test(textAt(scene, row)))
  const site = random.pick([...operators, ...numbers])
  if (site === undefined) return undefined
  const operator = scene.nodes.type[site] ?? ""
  const replacement = operators.includes(site)
    ? random.pick(operatorSwaps[operator] ?? [])
    : String(Math.max(0, Number(textAt(scene, site)) + (random.next() < 0.5 ? 1 : -1)))
  return replacement === undefined ? undefined : replaceIn(scene, spanAt(scene.nodes, site), replacement)
}

/** A condition turned round. */
const negateCondition: Mutation = (scene, random) => {
  const site = random.pick(rowsInside(scene, (_, row) => scene.nodes.field[row] === "condition"))
  if (site === undefined) return undefined
  const condition = textAt(scene, site)
  const isWrapped = condition.startsWith("(") && condition.endsWith(")")
  const inner = isWrapped ? condition.slice(1, -1) : condition
  // Where "not" is a word of the language, the file around is likely to use it or to end its headers with ":".
  const isWordy = !isWrapped &&
    /:\s*$/.test(scene.text.slice(0, endOfLine(scene.text, scene.nodes.end[site] ?? 0)).slice(-2))
  const bare = /^(?:!(?!=)\s*|not\s+)/.exec(inner)
  const negated = bare !== null ? inner.slice(bare[0].length) : isWordy ? `not ${grouped(inner)}` : `!${grouped(inner)}`
  return replaceIn(scene, spanAt(scene.nodes, site), isWrapped ? `(${negated})` : negated)
}

const grouped = (
  expression: string
): string => (/^[\w.$]+(?:\([^()]*\))?$/.test(expression) ? expression : `(${expression})`)

const namedChildren = (scene: Scene, parent: number): ReadonlyArray<number> => {
  const rows: Array<number> = []
  for (let row = parent + 1; row < scene.nodes.count; row++) {
    if (scene.nodes.parent[row] === parent && scene.nodes.isNamed[row] === 1) rows.push(row)
  }
  return rows
}

/** Two arguments in each other's place, or one too few. */
const spoilArguments: Mutation = (scene, random) => {
  const lists = rowsInside(scene, (type) => isArgumentList(type))
    .map((row) => namedChildren(scene, row)).filter((items) => items.length > 0)
  const items = random.pick(lists)
  if (items === undefined) return undefined
  const at = random.below(items.length)
  const row = items[at]
  const next = items[at + 1]
  if (row === undefined) return undefined
  const span = spanAt(scene.nodes, row)
  if (next !== undefined && random.next() < 0.6) {
    const after = spanAt(scene.nodes, next)
    const between = scene.text.slice(span.end, after.start)
    return replaceIn(scene, { start: span.start, end: after.end }, textAt(scene, next) + between + textAt(scene, row))
  }
  if (next !== undefined) return replaceIn(scene, { start: span.start, end: scene.nodes.start[next] ?? span.end }, "")
  const before = items[at - 1]
  return replaceIn(scene, {
    start: before === undefined ? span.start : scene.nodes.end[before] ?? span.start,
    end: span.end
  }, "")
}

const wordSwaps: Readonly<Record<string, string>> = {
  true: "false",
  false: "true",
  True: "False",
  False: "True",
  TRUE: "FALSE",
  FALSE: "TRUE"
}

/** Another number, another text of a string, the other truth. */
const changeLiteral: Mutation = (scene, random) => {
  const { nodes } = scene
  const sites = rowsInside(
    scene,
    (type, row) =>
      nodes.isLeaf[row] === 1 && (isNumber(type) || isStringText(type) || Object.hasOwn(wordSwaps, textAt(scene, row)))
  )
  const site = random.pick(sites)
  if (site === undefined) return undefined
  const type = nodes.type[site] ?? ""
  const old = textAt(scene, site)
  const span = spanAt(nodes, site)
  if (isNumber(type)) {
    const number = Number(old)
    if (!Number.isFinite(number)) return undefined
    const choices = [number + 1, number * 2, number * 10, 0, 1].filter((other) => other !== number)
    return replaceIn(scene, span, String(random.pick(choices)))
  }
  if (isStringText(type)) {
    const texts = new Set<string>()
    for (let row = 0; row < nodes.count; row++) {
      if (nodes.type[row] === type && textAt(scene, row) !== old) texts.add(textAt(scene, row))
    }
    const other = random.pick([...texts])
    return other === undefined ? undefined : replaceIn(scene, span, other)
  }
  return replaceIn(scene, span, wordSwaps[old] ?? old)
}

/** Statements that lie whole in the middle, by the body that holds them. */
const statementsInside = (scene: Scene): ReadonlyArray<ReadonlyArray<number>> => {
  const { nodes } = scene
  const groups = new Map<number, Array<number>>()
  const rows = rowsInside(scene, (type, row) => {
    const holder = nodes.type[nodes.parent[row] ?? 0] ?? ""
    return nodes.isNamed[row] === 1 && (isBody(holder) || isRoot(holder)) && isStatementType(type) && !isBody(type)
  })
  for (const row of rows) {
    const parent = nodes.parent[row] ?? 0
    const group = groups.get(parent)
    if (group === undefined) groups.set(parent, [row])
    else group.push(row)
  }
  return [...groups.values()]
}

/** A statement lost, said twice, or moved. */
const shuffleStatements: Mutation = (scene, random) => {
  const { nodes, text } = scene
  const group = random.pick(statementsInside(scene))
  if (group === undefined) return undefined
  const at = random.below(group.length)
  const row = group[at]
  if (row === undefined) return undefined
  const span = spanAt(nodes, row)
  const next = group[at + 1]
  const previous = group[at - 1]
  const way = random.next()
  if (group.length > 1 && way < 0.4) {
    return next !== undefined
      ? replaceIn(scene, { start: span.start, end: nodes.start[next] ?? span.end }, "")
      : replaceIn(scene, {
        start: previous === undefined ? span.start : nodes.end[previous] ?? span.start,
        end: span.end
      }, "")
  }
  if (next !== undefined && way < 0.75) {
    const after = spanAt(nodes, next)
    const between = text.slice(span.end, after.start)
    return replaceIn(scene, { start: span.start, end: after.end }, textAt(scene, next) + between + textAt(scene, row))
  }
  const indent = text.slice(startOfLine(text, span.start), span.start)
  if (/\S/.test(indent)) return undefined
  return replaceIn(scene, { start: span.end, end: span.end }, `\n${indent}${textAt(scene, row)}`)
}

/** The least share of the middle that an early stop keeps. */
const leastKept = 0.2

/** The middle up to the end of one of its statements or parts. */
const stopEarly: Mutation = (scene, random) => {
  const { middle, nodes, text } = scene
  const ends = new Set<number>()
  for (const group of statementsInside(scene)) for (const row of group) ends.add(nodes.end[row] ?? 0)
  if (ends.size < 2) {
    for (const row of rowsInside(scene, (_, row) => nodes.isNamed[row] === 1)) {
      if (nodes.start[row] === middle.start) ends.add(nodes.end[row] ?? 0)
    }
  }
  const least = middle.start + lengthOf(middle) * leastKept
  const end = random.pick([...ends].filter((end) => end < middle.end && end >= least))
  return end === undefined ? undefined : text.slice(middle.start, end)
}

/** The middle and then what the suffix says anyway. */
const runOn: Mutation = (scene, random) => {
  const { middle, nodes, text } = scene
  const ends: Array<number> = []
  for (let row = 0; row < nodes.count; row++) {
    const parent = nodes.parent[row] ?? -1
    if (parent < 0 || nodes.isNamed[row] === 0 || (nodes.start[row] ?? 0) < middle.end) continue
    const isNear = (nodes.start[parent] ?? 0) <= middle.start && (nodes.end[parent] ?? 0) >= middle.end
    if (isNear) ends.push(nodes.end[row] ?? 0)
  }
  const end = random.pick(ends.slice(0, 2))
  return end === undefined ? undefined : text.slice(middle.start, end)
}

/** A middle of the same kind from elsewhere in the file, moved to this indentation. */
const takeOther: Mutation = (scene, random) => {
  const length = lengthOf(scene.middle)
  const likely = scene.others.filter((other) => lengthOf(other) >= length / 2 && lengthOf(other) <= length * 2)
  const other = random.pick(likely)
  if (other === undefined) return undefined
  const text = scene.text.slice(other.start, other.end)
  const from = indentAt(scene.text, other.start)
  const to = indentAt(scene.text, scene.middle.start)
  return from === to ?
    text :
    text.split("\n").map((line, index) => index > 0 && line.startsWith(from) ? to + line.slice(from.length) : line)
      .join("\n")
}

const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(startOfLine(text, offset), offset))?.[0] ?? ""

/** Families by the name that stands in a row's metadata, with their shares. */
export const mutations: ReadonlyMap<string, { readonly share: number; readonly propose: Mutation }> = new Map([
  ["identifier", { share: 20, propose: swapIdentifier }],
  ["operator", { share: 15, propose: swapOperator }],
  ["condition", { share: 10, propose: negateCondition }],
  ["arguments", { share: 10, propose: spoilArguments }],
  ["literal", { share: 10, propose: changeLiteral }],
  ["statements", { share: 10, propose: shuffleStatements }],
  ["early-stop", { share: 10, propose: stopEarly }],
  ["run-on", { share: 10, propose: runOn }],
  ["other", { share: 5, propose: takeOther }]
])
