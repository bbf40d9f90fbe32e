/** Ex commands and operators that do a whole edit at once: substitutions, :global, :sort, :move and the like. */
import type { Keystrokes } from "../../../services/keys/keystrokes.ts"
import { keysOfText } from "../../../services/keys/keystrokes.ts"
import { differencesIn } from "./differences.ts"
import { lineHunks, type Lines } from "./line-hunks.ts"
import { firstNonBlank } from "./motions.ts"

const entered = (text: string): Keystrokes => [...keysOfText(`:${text}`), "<CR>"]

const isEqual = (a: Lines, b: Lines): boolean => a.length === b.length && a.every((line, index) => line === b[index])

const quotedPattern = (text: string): string => text.replace(/[\\/.*$^~[\]]/g, "\\$&")
const quotedReplacement = (text: string): string => text.replace(/[\\/&~]/g, "\\$&")

interface Substitution {
  readonly pattern: string
  readonly replacement: string
  readonly once: (line: string) => string
  readonly all: (line: string) => string
}

const literal = (old: string, now: string): Substitution => ({
  pattern: quotedPattern(old),
  replacement: quotedReplacement(now),
  once: (line) => line.replace(old, () => now),
  all: (line) => line.replaceAll(old, () => now)
})

const isWord = (text: string): boolean => /^\w+$/.test(text)

const wholeWord = (old: string, now: string): Substitution => ({
  pattern: `\\<${quotedPattern(old)}\\>`,
  replacement: quotedReplacement(now),
  once: (line) => line.replace(new RegExp(`\\b${old}\\b`), () => now),
  all: (line) => line.replace(new RegExp(`\\b${old}\\b`, "g"), () => now)
})

const atEnd = (pattern: string, shape: RegExp, now: string): Substitution => ({
  pattern,
  replacement: quotedReplacement(now),
  once: (line) => line.replace(shape, () => now),
  all: (line) => line.replace(shape, () => now)
})

/**
 * Returns the substitutions that the first lines which differ suggest: of the difference, alone and with its
 * surroundings.
 */
const suggested = (changed: ReadonlyArray<readonly [string, string]>): ReadonlyArray<Substitution> => {
  const found = new Map<string, Substitution>()
  const offer = (substitution: Substitution) =>
    found.set(`${substitution.pattern}/${substitution.replacement}`, substitution)
  for (const [old, now] of changed.slice(0, 3)) {
    for (const { newEnd, newStart, oldEnd, oldStart } of differencesIn(old, now).slice(0, 2)) {
      const shift = newEnd - oldEnd
      let [wordStart, wordEnd] = [oldStart, oldEnd]
      while (wordStart > 0 && /\w/.test(old[wordStart - 1] ?? "")) wordStart--
      while (wordEnd < old.length && /\w/.test(old[wordEnd] ?? "")) wordEnd++
      for (let start = oldStart; start >= Math.max(0, oldStart - 4); start--) {
        for (let end = oldEnd; end <= Math.min(old.length, oldEnd + 4); end++) {
          if (end > start) offer(literal(old.slice(start, end), now.slice(start - oldStart + newStart, end + shift)))
        }
      }
      const word = old.slice(wordStart, wordEnd)
      const next = now.slice(wordStart - oldStart + newStart, wordEnd + shift)
      if (word !== "") offer(literal(word, next))
      if (isWord(word)) offer(wholeWord(word, next))
      if (oldStart === old.length && newEnd === now.length) offer(atEnd("$", /$/, now.slice(newStart)))
      if (oldStart === 0 && oldEnd === 0) offer(atEnd("^", /^/, now.slice(0, newEnd)))
      if (/^[ \t]+$/.test(old.slice(oldStart)) && newStart === now.length) offer(atEnd("\\s*$", /\s*$/, ""))
    }
  }
  return [...found.values()]
}

const substitutions = (old: Lines, now: Lines): ReadonlyArray<Keystrokes> => {
  if (old.length !== now.length) return []
  const changed = old.flatMap((line, at): ReadonlyArray<readonly [string, string]> =>
    line === now[at] ? [] : [[line, now[at] ?? ""]]
  )
  const rows = old.flatMap((line, at) => (line === now[at] ? [] : [at]))
  const [first = 0, last = 0] = [rows[0], rows.at(-1)]
  const ranges: ReadonlyArray<readonly [string, number, number]> = [
    ["%", 0, old.length],
    [first === 0 && last === 0 ? "" : `${first + 1},${last + 1}`, first, last + 1],
    [first === 0 ? "" : String(first + 1), first, first + 1],
    [`${first + 1},$`, first, old.length]
  ]
  return suggested(changed).flatMap(({ all, once, pattern, replacement }) =>
    ranges.flatMap(([range, from, to]) => {
      const inside = (change: (line: string) => string): Lines =>
        old.map((line, at) => (at >= from && at < to ? change(line) : line))
      // The last delimiter can be left out where no flag follows, unless the replacement ends with a blank.
      if (isEqual(inside(once), now)) {
        return [entered(`${range}s/${pattern}/${replacement}${/\s$/.test(replacement) ? "/" : ""}`)]
      }
      return isEqual(inside(all), now) ? [entered(`${range}s/${pattern}/${replacement}/g`)] : []
    })
  )
}

/** Returns the shortest text that all of some lines have, and none of the others. */
const mark = (having: Lines, lacking: Lines): string | undefined => {
  const first = having[0] ?? ""
  if (having.length === 0) return undefined
  if (having.every((line) => line === "") && lacking.every((line) => line !== "")) return "^$"
  for (let length = 1; length <= Math.min(8, first.length); length++) {
    for (let start = 0; start + length <= first.length; start++) {
      const text = first.slice(start, start + length)
      if (having.every((line) => line.includes(text)) && !lacking.some((line) => line.includes(text))) {
        return quotedPattern(text)
      }
    }
  }
  return undefined
}

const deletions = (old: Lines, now: Lines): ReadonlyArray<Keystrokes> => {
  const kept: Array<string> = []
  const gone: Array<string> = []
  for (const line of old) {
    if (line === now[kept.length]) kept.push(line)
    else gone.push(line)
  }
  if (kept.length !== now.length || gone.length < 2) return []
  const [ofGone, ofKept] = [mark(gone, kept), mark(kept, gone)]
  return [
    ...(ofGone === undefined ? [] : [entered(`g/${ofGone}/d`)]),
    ...(ofKept === undefined ? [] : [entered(`v/${ofKept}/d`)])
  ]
}

const byUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const orders = (old: Lines, now: Lines): ReadonlyArray<Keystrokes> => {
  if (old.length < 2) return []
  const sorted = old.toSorted(byUnits)
  const numberIn = (line: string) => Number(/-?\d+/.exec(line)?.[0] ?? -Infinity)
  const made: ReadonlyArray<readonly [string, Lines]> = [
    ["sort", sorted],
    ["sort!", old.toSorted((a, b) => byUnits(b, a))],
    ["sort u", sorted.filter((line, at) => line !== sorted[at - 1])],
    ["sort n", old.toSorted((a, b) => numberIn(a) - numberIn(b))],
    ["g/^/m0", old.toReversed()]
  ]
  return made.flatMap(([text, lines]) => (isEqual(lines, now) ? [entered(text)] : []))
}

const moves = (old: Lines, now: Lines): ReadonlyArray<Keystrokes> => {
  const hunks = lineHunks(old, now)
  if (hunks.length !== 2) return []
  const gone = hunks.find(({ added }) => added.length === 0)
  const come = hunks.find(({ removed }) => removed.length === 0)
  if (gone === undefined || come === undefined || !isEqual(gone.removed, come.added)) return []
  const size = gone.removed.length
  const range = size === 1 ? String(gone.oldAt + 1) : `${gone.oldAt + 1},${gone.oldAt + size}`
  const goal = come.oldAt === old.length ? "$" : String(come.oldAt)
  return [entered(`${gone.oldAt === 0 && size === 1 ? "" : range}m${goal}`)]
}

const cases = (old: Lines, now: Lines): ReadonlyArray<Keystrokes> => {
  const made: ReadonlyArray<readonly [string, (line: string) => string]> = [
    ["U", (line) => line.toUpperCase()],
    ["u", (line) => line.toLowerCase()]
  ]
  return made.flatMap(([key, change]) =>
    isEqual(old.map(change), now) ? [["g", key, "G"], ...(old.length === 1 ? [["g", key, key]] : [])] : []
  )
}

/**
 * Returns the lines that differ, if they are several in a row, with the keys to the first and from there to the last.
 */
const changedRun = (old: Lines, now: Lines) => {
  const rows = old.flatMap((line, at) => (line === now[at] ? [] : [at]))
  const [first = 0, last = 0] = [rows[0], rows.at(-1)]
  if (rows.length < 2 || last - first + 1 !== rows.length) return undefined
  return {
    rows,
    first,
    last,
    goTo: first === 0 ? [] : [...String(first + 1), "G"],
    down: last === old.length - 1 ? ["G"] : last - first === 1 ? ["j"] : [...String(last - first), "j"]
  }
}

/** Blocks: the same text inserted before or behind consecutive lines, or removed from them, at one column. */
const blocks = (old: Lines, now: Lines, column: number): ReadonlyArray<Keystrokes> => {
  if (old.length !== now.length) return []
  const run = changedRun(old, now)
  if (run === undefined) return []
  const { down, first, goTo, last, rows } = run
  const differences = rows.map((row) => differencesIn(old[row] ?? "", now[row] ?? ""))
  const [model] = differences
  const one = model?.[0]
  if (one === undefined || differences.some((all) => all.length !== 1)) return []
  const text = (now[first] ?? "").slice(one.newStart, one.newEnd)
  const isSame = differences.every(([each], index) =>
    each !== undefined && each.newEnd - each.newStart === text.length &&
    (now[rows[index] ?? 0] ?? "").slice(each.newStart, each.newEnd) === text
  )
  if (!isSame) return []
  const found: Array<Keystrokes> = []
  const norm = last - first + 1 === old.length ? "%" : `${first + 1},${last + 1}`
  const isEnd = differences.every(([each], index) => each?.oldStart === (old[rows[index] ?? 0] ?? "").length)
  if (isEnd) {
    found.push([...goTo, "<C-v>", ...down, "$", "A", ...keysOfText(text), "<Esc>"], entered(`${norm}norm A${text}`))
  }
  const isColumn = differences.every(([each]) => each?.oldStart === one.oldStart && each.oldEnd === one.oldEnd)
  if (!isColumn) return found
  const arrived = first === 0 ? column : firstNonBlank(old[first] ?? "")
  const right = one.oldStart === arrived ? [] : one.oldStart === 0 ? ["0"] : [...String(one.oldStart + 1), "|"]
  const width = one.oldEnd - one.oldStart
  const wide = width < 2 ? [] : [...(width === 2 ? [] : String(width - 1)), "l"]
  const block = [...goTo, ...right, "<C-v>", ...down, ...wide]
  if (width === 0) found.push([...block, "I", ...keysOfText(text), "<Esc>"])
  else if (text === "") found.push([...block, "d"])
  else found.push([...block, "c", ...keysOfText(text), "<Esc>"])
  return found
}

/** Numbers on consecutive lines that all grow by the same amount, or by a step from line to line. */
const countings = (old: Lines, now: Lines): ReadonlyArray<Keystrokes> => {
  if (old.length !== now.length) return []
  const run = changedRun(old, now)
  if (run === undefined) return []
  const { down, goTo, rows } = run
  const growths = rows.map((row) => {
    const [before, after] = [/\d+/.exec(old[row] ?? ""), /\d+/.exec(now[row] ?? "")]
    if (before === null || after === null || before.index !== after.index) return 0
    const isOnlyThat = (old[row] ?? "").replace(/\d+/, after[0]) === now[row]
    return isOnlyThat && !/^0\d/.test(before[0]) ? Number(after[0]) - Number(before[0]) : 0
  })
  const [growth = 0] = growths
  if (growth === 0) return []
  const key = [...(Math.abs(growth) === 1 ? [] : String(Math.abs(growth))), growth > 0 ? "<C-a>" : "<C-x>"]
  const count = [...(Math.abs(growth) === 1 ? [] : String(Math.abs(growth))), "g", growth > 0 ? "<C-a>" : "<C-x>"]
  return [
    ...(growths.every((each) => each === growth) ? [[...goTo, "V", ...down, ...key]] : []),
    ...(growths.every((each, index) => each === growth * (index + 1)) ? [[...goTo, "V", ...down, ...count]] : [])
  ]
}

/**
 * Returns keys of every kind that does the whole edit at once, for a cursor that starts in a column of the first line;
 * they are right as far as this model of Vim is.
 */
export const wholeEdits = (old: Lines, now: Lines, column: number): ReadonlyArray<Keystrokes> =>
  old.some(isTypedOtherwise) || now.some(isTypedOtherwise) ? [] : [
    ...substitutions(old, now),
    ...deletions(old, now),
    ...orders(old, now),
    ...moves(old, now),
    ...cases(old, now),
    ...blocks(old, now, column),
    ...countings(old, now)
  ]

/** Whether a line has a control character, which is a key of its own where a text is typed. */
const isTypedOtherwise = (line: string): boolean => /[^\P{Cc}\t]/u.test(line)
