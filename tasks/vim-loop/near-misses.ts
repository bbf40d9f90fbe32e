/**
 * Right keystrokes, spoiled in one place: a command too few or too many, the neighbouring motion, a count that is off by
 * one, an Escape left out. They look like the answer and are not, which is what a preference needs; what is typed into the
 * text stays, for a slip of the pen teaches nothing. Whether they really fail is for Vim to say.
 */
import { type Key, type Keystrokes, printKeys } from "../../services/keys/keystrokes.ts"
import { randomOf } from "../../services/text/random.ts"

/** Keys that people and models take for one another. */
const neighbours: ReadonlyMap<Key, ReadonlyArray<Key>> = new Map(
  [
    ["w", "e", "b"],
    ["W", "E", "B"],
    ["f", "t"],
    ["F", "T"],
    ["j", "k"],
    ["h", "l"],
    ["0", "^", "$"],
    ["p", "P"],
    ["o", "O"],
    ["i", "a"],
    ["I", "A"],
    ["c", "d"],
    ["C", "D"],
    ["x", "X"],
    ["u", "U"],
    [">", "<lt>"],
    ["+", "-"],
    ["(", ")"],
    ["{", "}"]
  ].flatMap((group) => group.map((key): [Key, ReadonlyArray<Key>] => [key, group.filter((other) => other !== key)]))
)

/** Returns up to `count` different ways to get it wrong, in an order that depends on nothing but `id` and the keys. */
export const nearMisses = (keys: Keystrokes, id: string, count: number): ReadonlyArray<Keystrokes> => {
  const right = printKeys(keys)
  const random = randomOf("near miss", id, right)
  const places = commandsIn(keys)
  const found = new Map<string, Keystrokes>()
  // A short answer has few ways to be spoiled, and draws repeat.
  for (let draw = 0; draw < count * 8 && found.size < count; draw++) {
    const at = random.pick(places) ?? 0
    const key = keys[at] ?? ""
    const put = (...others: ReadonlyArray<Key>) => [...keys.slice(0, at), ...others, ...keys.slice(at + 1)]
    const neighbour = random.pick(neighbours.get(key) ?? [])
    const ways = neighbour !== undefined
      ? [put(neighbour), put(neighbour), put(), put(key, key)]
      : /^[1-9]$/.test(key)
      ? [put(String(Number(key) % 9 + 1)), put(String((Number(key) + 7) % 9 + 1)), put()]
      : [put()]
    const spoiled = random.pick(ways) ?? []
    if (spoiled.length > 0 && printKeys(spoiled) !== right) found.set(printKeys(spoiled), spoiled)
  }
  return [...found.values()]
}

/** Keys behind which text is typed, at once or after a motion. */
const inserting = new Set(["i", "a", "o", "I", "A", "O", "s", "S", "C", "R"])
/** Keys that take the next one as a character. */
const takingOne = new Set(["f", "t", "F", "T", "r", "m", "'", "`", "q", "@", "\""])

/**
 * Returns the places of the keys that are commands, not text: a reading of Normal mode that is right for what is usual,
 * and need not be for the rest.
 */
const commandsIn = (keys: Keystrokes): ReadonlyArray<number> => {
  const places: Array<number> = []
  let isChanging = false
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? ""
    places.push(at)
    if (/^[1-9]$/.test(key) || (key === "0" && /^\d$/.test(keys[at - 1] ?? ""))) continue
    if (key === ":" || key === "/" || key === "?") {
      // What is typed behind it, counts and marks aside, is text.
      at = endOf(keys, at, "<CR>")
      continue
    }
    const isObject = isChanging && (key === "i" || key === "a")
    if (key === "c" && !isChanging) {
      isChanging = true
      continue
    }
    const isTyping = isChanging || inserting.has(key)
    // The character of an "f", the kind of a text object.
    if (takingOne.has(key) || isObject || key === "g") at++
    isChanging = false
    if (isTyping) {
      at = endOf(keys, at, "<Esc>")
      if (at < keys.length) places.push(at)
    }
  }
  return places
}

const endOf = (keys: Keystrokes, from: number, end: Key): number => {
  const at = keys.indexOf(end, from + 1)
  return at === -1 ? keys.length : at
}
