/** Marks what is searched for, without touching what is shown: ranges of text that the style sheet colours. */

/** So many hits are marked; nobody looks through more. */
const mostMarked = 2000

/** Marks a text within an element; returns the first mark. */
export const markHits = (within: HTMLElement, text: string): Range | undefined => {
  const ranges: Array<Range> = []
  if (text !== "") {
    for (const line of within.querySelectorAll<HTMLElement>(".line, dd, dt, kbd, .headline")) {
      for (const range of rangesIn(line, text)) if (ranges.length < mostMarked) ranges.push(range)
    }
  }
  CSS.highlights.set("hit", new Highlight(...ranges))
  return ranges.find((range) => range.startContainer.parentElement?.closest("[aria-hidden=true]") === null)
}

/** A text may begin in one token and end in another. */
const rangesIn = (line: HTMLElement, text: string): ReadonlyArray<Range> => {
  const whole = line.textContent ?? ""
  const ranges: Array<Range> = []
  for (let at = whole.indexOf(text); at !== -1; at = whole.indexOf(text, at + text.length)) {
    const range = document.createRange()
    const [start, end] = [placeIn(line, at), placeIn(line, at + text.length)]
    range.setStart(...start)
    range.setEnd(...end)
    ranges.push(range)
  }
  return ranges
}

const placeIn = (line: HTMLElement, unit: number): [Node, number] => {
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT)
  let at = 0
  let last: Node = line
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0
    if (unit <= at + length && length > 0) return [node, unit - at]
    at += length
    last = node
  }
  return [last, last.textContent?.length ?? 0]
}
