/**
 * Vim's motions inside one line, as far as edits of code need them. Columns count UTF-16 units from 0. Words are those
 * of Vim's default 'iskeyword': letters, digits and "_". A motion that would leave the line ends at its border.
 */

/** A motion as it is typed, and where it leads. */
export interface Motion {
  readonly keys: string
  /** Returns where the cursor would go; undefined where the motion fails. */
  readonly reach: (line: string, from: number) => number | undefined
  /** Whether an operator includes the character that the motion leads to. */
  readonly isInclusive: boolean
}

const isBlank = (line: string, at: number): boolean => line[at] === " " || line[at] === "\t"
const isWord = (line: string, at: number): boolean => {
  const code = line.charCodeAt(at)
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 ||
    code === 0xb5 || (code >= 0xc0 && code <= 0x2af)
}

/** Returns 0 for a blank, 1 for a word, 2 for anything else; for big words, all that is not blank is one class. */
const classOf = (line: string, at: number, isBig: boolean): number =>
  isBlank(line, at) ? 0 : isBig || isWord(line, at) ? 1 : 2

export const firstNonBlank = (line: string): number => {
  let at = 0
  while (at < line.length - 1 && isBlank(line, at)) at++
  return at
}

const wordForward = (isBig: boolean) => (line: string, from: number): number | undefined => {
  let at = from
  const kind = classOf(line, at, isBig)
  if (kind !== 0) { while (at < line.length && classOf(line, at, isBig) === kind) at++ }
  while (at < line.length && isBlank(line, at)) at++
  return at
}

const wordEnd = (isBig: boolean) => (line: string, from: number): number | undefined => {
  let at = from + 1
  while (at < line.length && isBlank(line, at)) at++
  if (at >= line.length) return undefined
  const kind = classOf(line, at, isBig)
  while (at + 1 < line.length && classOf(line, at + 1, isBig) === kind) at++
  return at
}

const wordBack = (isBig: boolean) => (line: string, from: number): number | undefined => {
  let at = from - 1
  while (at >= 0 && isBlank(line, at)) at--
  if (at < 0) return undefined
  const kind = classOf(line, at, isBig)
  while (at > 0 && classOf(line, at - 1, isBig) === kind) at--
  return at
}

const repeated = (step: Motion["reach"], count: number): Motion["reach"] => (line, from) => {
  let at: number | undefined = from
  for (let time = 0; time < count && at !== undefined; time++) at = at < line.length ? step(line, at) : undefined
  return at
}

const counted = (keys: string, isInclusive: boolean, step: Motion["reach"], most: number): ReadonlyArray<Motion> =>
  Array.from({ length: most }, (_, index) => ({
    keys: index === 0 ? keys : `${index + 1}${keys}`,
    isInclusive,
    reach: index === 0 ? step : repeated(step, index + 1)
  }))

const brackets = "()[]{}"

/** Leads to the partner of the first bracket at or behind the cursor. */
const matching: Motion["reach"] = (line, from) => {
  let at = from
  while (at < line.length && !brackets.includes(line[at] ?? " ")) at++
  if (at >= line.length) return undefined
  const kind = brackets.indexOf(line[at] ?? "")
  const step = kind % 2 === 0 ? 1 : -1
  const partner = brackets[kind + step]
  let depth = 0
  for (; at >= 0 && at < line.length; at += step) {
    if (line[at] === brackets[kind]) depth++
    else if (line[at] === partner && --depth === 0) return at
  }
  return undefined
}

const within = (step: (from: number) => number): Motion["reach"] => (line, from) => {
  const to = step(from)
  return to >= 0 && to < line.length ? to : undefined
}

const general: ReadonlyArray<Motion> = [
  ...counted("l", false, within((from) => from + 1), 4),
  ...counted("h", false, within((from) => from - 1), 4),
  { keys: "0", isInclusive: false, reach: () => 0 },
  { keys: "^", isInclusive: false, reach: firstNonBlank },
  { keys: "$", isInclusive: true, reach: (line) => Math.max(0, line.length - 1) },
  ...counted("w", false, wordForward(false), 9),
  ...counted("W", false, wordForward(true), 9),
  ...counted("e", true, wordEnd(false), 9),
  ...counted("E", true, wordEnd(true), 9),
  ...counted("b", false, wordBack(false), 9),
  ...counted("B", false, wordBack(true), 9),
  { keys: "%", isInclusive: true, reach: matching }
]

const nth = (line: string, character: string, from: number, count: number, step: 1 | -1): number | undefined => {
  let at = from
  for (let time = 0; time < count; time++) {
    at = step === 1 ? line.indexOf(character, at + 1) : at === 0 ? -1 : line.lastIndexOf(character, at - 1)
    if (at === -1) return undefined
  }
  return at
}

const finders = new Map<string, ReadonlyArray<Motion>>()

/** Returns the motions to a character. */
const findersOf = (character: string): ReadonlyArray<Motion> => {
  const known = finders.get(character)
  if (known !== undefined) return known
  const made = [1, 2].flatMap((count): ReadonlyArray<Motion> => {
    const prefix = count === 1 ? "" : String(count)
    const shifted = (by: number, step: 1 | -1): Motion["reach"] => (line, from) => {
      const to = nth(line, character, from, count, step)
      const stop = to === undefined ? undefined : to + by
      return stop === from ? undefined : stop
    }
    return [
      { keys: `${prefix}f${character}`, isInclusive: true, reach: shifted(0, 1) },
      { keys: `${prefix}t${character}`, isInclusive: true, reach: shifted(-1, 1) },
      { keys: `${prefix}F${character}`, isInclusive: false, reach: shifted(0, -1) },
      { keys: `${prefix}T${character}`, isInclusive: false, reach: shifted(1, -1) }
    ]
  })
  finders.set(character, made)
  return made
}

/** In longer lines the motions to single characters are not tried. */
const longLine = 300

/** Returns all motions that are worth trying in a line. */
export const motionsIn = (line: string): ReadonlyArray<Motion> => [
  ...general,
  ...[...new Set(line.length > longLine ? "" : line)].filter((character) => character >= " ").flatMap(findersOf)
]

/** A half-open range of columns. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** A text object as it is typed, and what it covers from a column; undefined where there is none. */
export interface TextObject {
  readonly keys: string
  readonly range: (line: string, from: number) => Range | undefined
}

const innerWord = (isBig: boolean) => (line: string, from: number): Range | undefined => {
  if (line === "") return undefined
  const kind = classOf(line, from, isBig)
  let start = from
  let end = from + 1
  while (start > 0 && classOf(line, start - 1, isBig) === kind) start--
  while (end < line.length && classOf(line, end, isBig) === kind) end++
  return { start, end }
}

const aWord = (isBig: boolean) => (line: string, from: number): Range | undefined => {
  const inner = innerWord(isBig)(line, from)
  if (inner === undefined || isBlank(line, from)) return undefined
  let { end, start } = inner
  const before = end
  while (end < line.length && isBlank(line, end)) end++
  if (end === before) { while (start > 0 && isBlank(line, start - 1)) start-- }
  return { start, end }
}

const quoted = (quote: string, isInner: boolean) => (line: string, from: number): Range | undefined => {
  const marks: Array<number> = []
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "\\") at++
    else if (line[at] === quote) marks.push(at)
  }
  for (let pair = 0; pair + 1 < marks.length; pair += 2) {
    const [start = 0, end = 0] = [marks[pair], marks[pair + 1]]
    // Vim takes the quotes that the cursor is between, or the next ones on the line.
    if (from > end) continue
    if (isInner) return { start: start + 1, end }
    let stop = end + 1
    while (stop < line.length && isBlank(line, stop)) stop++
    if (stop > end + 1) return { start, end: stop }
    let first = start
    while (first > 0 && isBlank(line, first - 1)) first--
    return { start: first, end: end + 1 }
  }
  return undefined
}

const bracketed =
  (open: string, close: string, isInner: boolean) => (line: string, from: number): Range | undefined => {
    let depth = 0
    for (let start = line[from] === close ? from - 1 : from; start >= 0; start--) {
      if (line[start] === close && start !== from) depth++
      else if (line[start] === open && depth-- === 0) {
        const end = matching(line, start)
        if (end === undefined || line[end] !== close) return undefined
        return isInner ? { start: start + 1, end } : { start, end: end + 1 }
      }
    }
    return undefined
  }

export const textObjects: ReadonlyArray<TextObject> = [
  { keys: "iw", range: innerWord(false) },
  { keys: "aw", range: aWord(false) },
  { keys: "iW", range: innerWord(true) },
  { keys: "aW", range: aWord(true) },
  ...["\"", "'", "`"].flatMap((quote) => [
    { keys: `i${quote}`, range: quoted(quote, true) },
    { keys: `a${quote}`, range: quoted(quote, false) }
  ]),
  ...["()", "[]", "{}"].flatMap(([open = "", close = ""]) => [
    { keys: `i${open}`, range: bracketed(open, close, true) },
    { keys: `a${open}`, range: bracketed(open, close, false) }
  ])
]

/**
 * Returns what an operator covers with a motion. "cw" covers what "ce" does, and also the last character of a word
 * alone.
 */
export const rangeOf = (line: string, from: number, motion: Motion, operator: string): Range | undefined => {
  if (line === "") return undefined
  if (operator === "c" && /^\d*[wW]$/.test(motion.keys) && !isBlank(line, from)) {
    const isBig = motion.keys.endsWith("W")
    const count = Number(motion.keys.slice(0, -1) || 1)
    let end = innerWord(isBig)(line, from)?.end ?? from + 1
    for (let time = 1; time < count; time++) end = (wordEnd(isBig)(line, end - 1) ?? line.length) + 1
    return end > line.length ? undefined : { start: from, end }
  }
  const to = motion.reach(line, from)
  if (to === undefined) return undefined
  const [start, end] = to < from ? [to, from] : [from, to + (motion.isInclusive ? 1 : 0)]
  return end > start ? { start, end } : undefined
}
