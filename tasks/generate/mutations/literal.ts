/** Another number, another text of a string, the other truth. */
import { isNumber, isStringText } from "../../../services/cuts/node-roles.ts"
import { isUnder, type Mutation, parentOf, replaceIn, rowsInside, type Scene, spanAt, textAt, typeAt } from "./scene.ts"

const wordSwaps: Readonly<Record<string, string>> = {
  true: "false",
  false: "true",
  True: "False",
  False: "True",
  TRUE: "FALSE",
  FALSE: "TRUE"
}

/** Proposes it. */
export const changeLiteral: Mutation = (scene, random) => {
  const { nodes } = scene
  const sites = rowsInside(
    scene,
    (type, row) =>
      nodes.isLeaf[row] === 1 &&
      (isNumber(type) || isText(scene, row) || Object.hasOwn(wordSwaps, textAt(scene, row)))
  )
  const site = random.pick(sites)
  if (site === undefined) return undefined
  const old = textAt(scene, site)
  const span = spanAt(nodes, site)
  if (isNumber(typeAt(scene, site))) {
    // Numbers of another base or with a suffix would come back in another form.
    if (!/^(?:0|[1-9]\d{0,8})(?:\.\d+)?$/.test(old)) return undefined
    const number = Number(old)
    const choices = [number + 1, number * 2, number * 10, 0, 1].filter((other) => other !== number)
    return replaceIn(scene, span, formatted(random.pick(choices) ?? number, old))
  }
  if (!isText(scene, site)) return replaceIn(scene, span, wordSwaps[old] ?? old)
  const texts = new Set<string>()
  const nearest = new Set<string>()
  const place = placeOf(scene, site)
  for (let row = 0; row < nodes.count; row++) {
    if (nodes.type[row] !== nodes.type[site] || !isText(scene, row)) continue
    const other = textAt(scene, row)
    if (other === old || !isLike(other, old)) continue
    const isSamePlace = placeOf(scene, row) === place
    if (isSamePlace) nearest.add(other)
    else if (!isModule(place) && !isModule(placeOf(scene, row))) texts.add(other)
  }
  const other = random.pick(nearest.size > 0 ? [...nearest] : [...texts])
  return other === undefined ? undefined : replaceIn(scene, span, other)
}

/** The text of a string that a program uses; the prose of a docstring is no literal. */
const isText = (scene: Scene, row: number): boolean =>
  isStringText(typeAt(scene, row)) && !textAt(scene, row).includes("\n") &&
  typeAt(scene, parentOf(scene, parentOf(scene, row))) !== "expression_statement" && !isUnder(scene, row, 3, /import/)

/** What a text is given to, by the word before its quotes: a call whose first argument it is, a name, a key. "" for none. */
const placeOf = (scene: Scene, row: number): string => {
  const start = scene.nodes.start[row] ?? 0
  const before = scene.text.slice(Math.max(0, start - 60), start).replace(/\w?["'`]+$/, "")
  return /[\w$]+!?\s*(?:\(|=>?|:|==+|!==?)\s*$/.exec(before)?.[0].replace(/\s+/g, "") ?? ""
}

/** Whether it is the name of a module: nobody writes another text there. */
const isModule = (place: string): boolean => /require|^(?:import|from)\b/i.test(place)

const formatted = (number: number, old: string): string =>
  old.includes(".") ? number.toFixed(old.length - old.indexOf(".") - 1) : String(number)

/** Whether one text could stand where another does: both are names, paths, sentences or patterns, of about one length. */
const isLike = (a: string, b: string): boolean => {
  const ratio = (a.length + 4) / (b.length + 4)
  return ratio > 0.4 && ratio < 2.5 && shapeOf(a) === shapeOf(b)
}

const shapeOf = (text: string): string =>
  [
    /\s/.test(text) ? "words" : /^[\w$-]+$/.test(text) ? "name" : "signs",
    /[/\\]/.test(text) ? "path" : "",
    /%[a-z+#\d]|\{[^}]*\}/.test(text) ? "pattern" : "",
    /^[-.:@$#]/.test(text) ? text.slice(0, 1) : ""
  ].join(" ")
