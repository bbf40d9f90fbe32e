/** A statement lost, said twice, or moved: where that makes a difference. */
import { isBody, isRoot, isStatementType } from "../../../services/cuts/node-roles.ts"
import { startOfLine } from "../../../services/text/span.ts"
import {
  isNameLeaf,
  isUnder,
  mentions,
  type Mutation,
  namedChildren,
  parentOf,
  replaceIn,
  rowsInside,
  type Scene,
  spanAt,
  textAt,
  typeAt
} from "./scene.ts"

/** Statements that lie whole in the middle, by the body that holds them. */
export const statementsInside = (scene: Scene): ReadonlyArray<ReadonlyArray<number>> => {
  const { nodes } = scene
  const groups = new Map<number, Array<number>>()
  const rows = rowsInside(scene, (type, row) => {
    const holder = nodes.type[nodes.parent[row] ?? 0] ?? ""
    return nodes.isNamed[row] === 1 && (isBody(holder) || isRoot(holder)) && isStatementType(type) && !isBody(type) &&
      !type.endsWith("attribute_item")
  })
  for (const row of rows) {
    const parent = nodes.parent[row] ?? 0
    const group = groups.get(parent)
    if (group === undefined) groups.set(parent, [row])
    else group.push(row)
  }
  return [...groups.values()]
}

/** Proposes it. */
export const shuffleStatements: Mutation = (scene, random) => {
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
    if (!isOrdered(scene, row, next)) return undefined
    const after = spanAt(nodes, next)
    const between = text.slice(span.end, after.start)
    return replaceIn(scene, { start: span.start, end: after.end }, textAt(scene, next) + between + textAt(scene, row))
  }
  const indent = text.slice(startOfLine(text, span.start), span.start)
  if (/\S/.test(indent) || !countsTwice(scene, row)) return undefined
  return replaceIn(scene, { start: span.end, end: span.end }, `\n${indent}${textAt(scene, row)}`)
}

/** Statements behind which nothing runs, and whose repetition nobody would see. */
const jumps =
  /^(?:(?:return|raise|throw|break|continue|goto|yield|exit|die|panic)\b|(?:\w+\.)?(?:Fatal\w*|FailNow|Exit)\()/

/** Calls that only look, so that their order and number mean nothing. */
const looks = /^\W*(?:\w+[.>:-]+)*\(?(?:assert|expect|require|should|check|verify|print|console|log)/i

const isDefinition = (scene: Scene, row: number): boolean => {
  const type = typeAt(scene, row)
  if (type === "export_statement") return namedChildren(scene, row).some((child) => isDefinition(scene, child))
  return /definition|declaration$|signature$|_item$|^(?:class|module|method|function)/.test(type) &&
    !/variable|lexical|var_|short_var|local/.test(type)
}

/** Methods that set one thing each, so that calls of two of them may come in either order. */
const setters = /^\$?[\w.]+?(?:\.|->)(set|init|initialize|register|mark|enable|disable|add)(?=[A-Z_]\w*\()/i

/** Whether two statements set different things of one owner, or the same thing of several kinds. */
const areSetters = (one: string, two: string): boolean => {
  const [first, second] = [setters.exec(one), setters.exec(two)]
  return first !== null && second !== null && first[0].toLowerCase() === second[0].toLowerCase()
}

/** Whether the second statement needs the first before it: it ends the flow, or uses what the first has made. */
const isOrdered = (scene: Scene, first: number, second: number): boolean => {
  if (isDefinition(scene, first) && isDefinition(scene, second)) return false
  const [one, two] = [textAt(scene, first), textAt(scene, second)]
  if (jumps.test(two)) return true
  if ((looks.test(one) && looks.test(two)) || areSetters(one, two)) return false
  if (/\b(?:return|raise|throw|break|continue|panic)\b/.test(one)) return !isDefinition(scene, second)
  const made = namesMadeBy(scene, first)
  return made.some((name) => mentions(two, name))
}

/** Names that a statement gives a value, and those of what it calls a method of. */
const namesMadeBy = (scene: Scene, row: number): ReadonlyArray<string> => {
  const { nodes } = scene
  const end = nodes.end[row] ?? 0
  const names: Array<string> = []
  const owner = /^\$?[A-Za-z_]\w*(?=(?:\.|->)\w+\()/.exec(textAt(scene, row))?.[0]
  if (owner !== undefined && !/^(?:t|self|this|\$this|fmt|log|console|assert)$/.test(owner)) names.push(owner)
  for (let at = row; at < nodes.count && (nodes.start[at] ?? 0) < end; at++) {
    if (!isNameLeaf(scene, at)) continue
    let above = at
    for (let level = 0; level < 3 && above > row; level++, above = parentOf(scene, above)) {
      const field = nodes.field[above]
      const isTarget = field === "left" || field === "name" || field === "pattern" || field === "declarator"
      if (isTarget && /assign|declar|let_|var_|short_var|init/.test(typeAt(scene, parentOf(scene, above)))) {
        names.push(memberAround(scene, at, above))
      }
    }
  }
  return names
}

/** The whole of the member that a name belongs to, below a target: what is given to a part of a thing is not the thing. */
const memberAround = (scene: Scene, row: number, target: number): string => {
  let at = row
  while (
    at > target && /member|attribute|selector|field_expression|field_access/.test(typeAt(scene, parentOf(scene, at)))
  ) {
    at = parentOf(scene, at)
  }
  return textAt(scene, at)
}

/** Whether a program does something else when a statement stands twice: not for a plain assignment or declaration. */
const countsTwice = (scene: Scene, row: number): boolean => {
  const text = textAt(scene, row)
  if (isDefinition(scene, row) || jumps.test(text) || looks.test(text)) return false
  if (isUnder(scene, row, 0, /import|use_|using|include|declaration|parameter|field|annotation/)) return false
  // What is set twice is set.
  if (/^(?:set|mark|enable|disable)$/i.test(setters.exec(text)?.[1] ?? "")) return false
  if (/^[^\n(]*[^=!<>+\-*/%&|^:]:?=(?!=|>)/.test(text)) return false
  return /\(|\+\+|--|[-+*/]=|<</.test(text) && !/^(?:if|unless|for|while|switch|match|try|with|require)\b/.test(text)
}
