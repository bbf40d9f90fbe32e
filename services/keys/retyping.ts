/** The keystrokes that retype what differs: never the shortest way, but always one, and the measure of all others. */
import { shownLines } from "../text/lines.ts"
import { type Key, keyOfCharacter, type Keystrokes } from "./keystrokes.ts"

/**
 * Returns the keys that type a text in Insert mode; <C-v> comes before characters that would do something else there.
 */
export const typing = (text: string): Keystrokes => {
  const keys: Array<Key> = []
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    // Most characters are letters and spaces, which are their own keys; a search comes by here thousands of times.
    if (code >= 32 && code < 127) keys.push(code === lessThan ? "<lt>" : character)
    else if (character === "\n" || character === "\t" || code > 127) keys.push(keyOfCharacter(character))
    else if (code === 0) keys.push("<C-v>", "0", "0", "0")
    else keys.push("<C-v>", keyOfCharacter(character))
  }
  return keys
}

const lessThan = 0x3c

const linesIn = (text: string): ReadonlyArray<string> => (text === "" ? [] : shownLines(text))

const goTo = (line: number): Keystrokes => (line === 1 ? [] : [...String(line), "G"])

/**
 * Returns keys that turn `source` into `target` when they are typed at the start of the file: they replace the lines
 * from the first one that differs to the last.
 *
 * @example
 * retype("a\nb\nc\n", "a\nx\nc\n") // ["2", "G", "S", "x", "<Esc>"]
 */
export const retype = (source: string, target: string): Keystrokes => {
  const before = linesIn(source)
  const after = linesIn(target)
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  while (
    tail < before.length - head && tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) tail++
  const removed = before.length - head - tail
  const added = after.slice(head, after.length - tail)
  if (removed === 0 && added.length === 0) return []
  const count = removed > 1 ? [...String(removed)] : []
  if (added.length === 0) return [...goTo(head + 1), ...count, "d", "d"]
  const typed = typing(added.join("\n"))
  if (removed > 0) return [...goTo(head + 1), ...count, "S", ...typed, "<Esc>"]
  // A file of one empty line is not an empty file: something must have been typed.
  if (before.length === 0) return typed.length === 0 ? ["i", "x", "<BS>", "<Esc>"] : ["i", ...typed, "<Esc>"]
  return head === 0 ? ["O", ...typed, "<Esc>"] : [...goTo(head), "o", ...typed, "<Esc>"]
}
