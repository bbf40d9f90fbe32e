/**
 * Diffs of whole files, applied to some lines of one: they are put where the lines that they change stand, whatever
 * numbers they name.
 */
import { eventsOfDiff } from "../next-edit/event-diff.ts"

/**
 * Returns lines of a file after a unified diff; undefined where the lines that it changes are not among them, or stand
 * there twice. Hunks of other files are left out.
 */
export const patched = (lines: string, diff: string, path: string): string | undefined => {
  let text = lines
  for (const hunk of eventsOfDiff(diff, path)) {
    if (hunk.path !== path) continue
    const applied = withHunk(text, hunk.before, hunk.after)
    if (applied === undefined) return undefined
    text = applied
  }
  return text
}

/** Context that lies beyond the lines at hand is not looked for: first all of it is, then less and less. */
const withHunk = (text: string, before: string, after: string): string | undefined => {
  const [old, fresh] = [linesOf(before), linesOf(after)]
  const [head, tail] = sharedEnds(old, fresh)
  for (let cut = 0; cut <= head + tail; cut++) {
    for (let above = Math.max(0, cut - tail); above <= Math.min(head, cut); above++) {
      const below = cut - above
      const wanted = old.slice(above, old.length - below).join("")
      // What adds lines and has nothing around them could stand anywhere.
      if (wanted === "") continue
      const at = placeOf(text, wanted)
      if (at === "twice") return undefined
      if (at === undefined) continue
      return text.slice(0, at) + fresh.slice(above, fresh.length - below).join("") + text.slice(at + wanted.length)
    }
  }
  return text === "" && before === "" ? after : undefined
}

const linesOf = (text: string): ReadonlyArray<string> => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

const sharedEnds = (old: ReadonlyArray<string>, fresh: ReadonlyArray<string>): readonly [number, number] => {
  const most = Math.min(old.length, fresh.length)
  let head = 0
  while (head < most && old[head] === fresh[head]) head++
  let tail = 0
  while (tail < most - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++
  return [head, tail]
}

/** Where whole lines stand in a text. */
const placeOf = (text: string, lines: string): number | "twice" | undefined => {
  let found: number | undefined
  for (let at = text.indexOf(lines); at !== -1; at = text.indexOf(lines, at + 1)) {
    if (at > 0 && text[at - 1] !== "\n") continue
    if (found !== undefined) return "twice"
    found = at
  }
  return found
}
