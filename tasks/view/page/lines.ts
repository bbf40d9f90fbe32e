/** Lines of code as elements, and folds: buttons in whose place the lines come that they stand for. */
import type { LinesPart, Token, TokenLine } from "../web/protocol.ts"
import { button, countOf, element } from "./dom.ts"

/** So many lines are drawn at once; the rest is a click away. */
const linesAtOnce = 600
const linesMore = 5000

const tokenNode = ({ dark, isAtCursor, isInside, isMarked, light, text }: Token): Node => {
  const names = [
    ...(isInside === true ? ["inside"] : []),
    ...(isMarked === true ? ["marked"] : []),
    ...(isAtCursor === true ? ["cursor"] : [])
  ]
  if (light === null && dark === null && names.length === 0) return document.createTextNode(text)
  const span = element("span", names.length === 0 ? {} : { class: names.join(" ") }, text)
  if (isAtCursor === true) span.title = "the cursor stands before this"
  if (light !== null) span.style.setProperty("--light", light)
  if (dark !== null) span.style.setProperty("--dark", dark)
  return span
}

/** Lines of which some are what a model writes have an edge there. */
export const lineElement = (line: TokenLine, name = ""): HTMLElement => {
  const isInside = line.some((token) => token.isInside === true)
  const names = ["line", ...(name === "" ? [] : [name]), ...(isInside ? ["within"] : [])]
  return element("div", { class: names.join(" ") }, ...line.map(tokenNode))
}

/** Draws lines; those behind the first few hundred follow a button that brings more. */
export const lineElements = (
  lines: ReadonlyArray<TokenLine>,
  draw: (lines: ReadonlyArray<TokenLine>) => ReadonlyArray<HTMLElement>
): ReadonlyArray<HTMLElement> => {
  if (lines.length <= linesAtOnce) return draw(lines)
  const bring = (from: number, count: number): ReadonlyArray<HTMLElement> => {
    const rest = lines.length - from - count
    const drawn = draw(lines.slice(from, from + count))
    if (rest <= 0) return drawn
    const more = button(
      { class: "fold" },
      () => more.replaceWith(...bring(from + count, linesMore)),
      `⋯ ${countOf(rest, "more line")}`
    )
    return [...drawn, more]
  }
  return bring(0, linesAtOnce)
}

/** Whether a part holds a text on one of its lines. */
const holds = (lines: ReadonlyArray<TokenLine>, text: string): boolean =>
  text !== "" && lines.some((line) => line.map((token) => token.text).join("").includes(text))

/** Returns lines, or the fold that stands for them, with its count and `name`; a fold that holds what is searched for is open. */
export const partElements = (
  { isFolded, lines }: LinesPart,
  name: string,
  search: string,
  draw: (lines: ReadonlyArray<TokenLine>) => ReadonlyArray<HTMLElement>
): ReadonlyArray<HTMLElement> => {
  const open = () => lineElements(lines, draw)
  if (!isFolded || holds(lines, search)) return open()
  const fold = button(
    { class: "fold", "data-fold": "" },
    () => {
      const opened = open()
      fold.replaceWith(...opened)
      // Whoever opened it with the keyboard goes on from there.
      const [first] = opened
      if (document.activeElement === document.body && first !== undefined) {
        first.tabIndex = -1
        first.focus({ preventScroll: true })
      }
    },
    `⋯ ${countOf(lines.length, name)}`
  )
  return [fold]
}

/** Opens all folds within an element; returns how many there were. */
export const openFolds = (within: HTMLElement): number => {
  const folds = within.querySelectorAll<HTMLButtonElement>("button[data-fold]")
  for (const fold of folds) fold.click()
  return folds.length
}
