/** Ways from line to line. */
import { type Key, keysOfText } from "../../../services/keys/keystrokes.ts"
import { firstNonBlank } from "./motions.ts"
import { after, cheapest, type KeyPlace } from "./place.ts"

const special = /[\\/.*$^~[\]]/

/** Returns the shortest text at a column that a search from the place finds first; undefined where none is short. */
const searchFor = (lines: ReadonlyArray<string>, place: KeyPlace, line: number, column: number): string | undefined => {
  for (let length = 2; length <= 5; length++) {
    const text = (lines[line] ?? "").slice(column, column + length)
    if (text.length < length || special.test(text) || text.trim() !== text) return undefined
    for (let at = place.line; at <= line; at++) {
      const from = at === place.line ? place.column + 1 : 0
      const found = (lines[at] ?? "").indexOf(text, from)
      if (found === -1) continue
      if (at === line && found === column) return text
      break
    }
  }
  return undefined
}

/** Returns the places on a line of the buffer that can be reached from a place, or the place itself if it is on it. */
export const travel = (
  place: KeyPlace,
  line: number,
  lines: ReadonlyArray<string>,
  wanted: ReadonlyArray<number> = []
): ReadonlyArray<KeyPlace> => {
  if (place.line === line) return [place]
  const text = lines[line] ?? ""
  const blank = firstNonBlank(text)
  const places: Array<KeyPlace> = []
  const offer = (keys: ReadonlyArray<Key>, column: number) => {
    places.push(after(place, keys, { line, column: Math.max(0, Math.min(column, text.length - 1)) }))
  }
  const distance = line - place.line
  const count = Math.abs(distance) === 1 ? [] : Array.from(String(Math.abs(distance)))
  offer([...count, distance > 0 ? "j" : "k"], place.column)
  offer([...count, distance > 0 ? "+" : "-"], blank)
  if (line === lines.length - 1) offer(["G"], blank)
  else offer([...String(line + 1), "G"], blank)
  if (line === 0) offer(["g", "g"], blank)
  const step = distance > 0 ? 1 : -1
  let paragraph = place.line
  while (lines[paragraph] === "" && paragraph !== line) paragraph += step
  while (paragraph >= 0 && paragraph < lines.length && lines[paragraph] !== "") paragraph += step
  if (paragraph === line) offer([distance > 0 ? "}" : "{"], 0)
  if (distance > 0 && distance < 400) {
    for (const column of wanted) {
      const found = searchFor(lines, place, line, column)
      if (found !== undefined) offer(["/", ...keysOfText(found), "<CR>"], column)
    }
  }
  return cheapest(places, 6)
}
