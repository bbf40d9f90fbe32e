/** The synthesiser: finds keystrokes that should turn one text into another, using a model of Vim instead of a Vim. */
import { keysOfText, type Keystrokes, printKeys } from "../../../services/keys/keystrokes.ts"
import { retype } from "../../../services/keys/retyping.ts"
import { indentsByItself, startsOnFirstCharacter } from "../../../services/keys/vim-options.ts"
import { shownLines } from "../../../services/text/lines.ts"
import type { SearchInput } from "../jobs.ts"
import { firstNonBlank } from "./motions.ts"
import { plan } from "./plan.ts"
import { wholeEdits } from "./whole.ts"

/** Where Vim indents by itself, this makes typed lines what they are. */
const noIndentation: Keystrokes = [...keysOfText(":se noai"), "<CR>"]

/** Texts with more lines than this are only retyped. */
const mostLines = 4000

/**
 * Returns up to `count` ways, the shortest first, each once. The last resort, which is to retype the lines that differ,
 * is always among them. None is verified.
 */
export const search = ({ count, source, target, vimOptions }: SearchInput): ReadonlyArray<Keystrokes> => {
  const [old, now] = [shownLines(source), shownLines(target)]
  const column = startsOnFirstCharacter(vimOptions) ? 0 : firstNonBlank(old[0] ?? "")
  const planned = old.length <= mostLines ? [...wholeEdits(old, now, column), ...plan(old, now, column)] : []
  const retyped = retype(source, target)
  const isIndented = indentsByItself(vimOptions)
  const last = isIndented ? [...noIndentation, ...retyped] : retyped
  if (isIndented) planned.push(retyped)
  const ways = new Map<string, Keystrokes>()
  for (const keys of planned.toSorted((a, b) => a.length - b.length)) ways.set(printKeys(keys), keys)
  ways.delete(printKeys(last))
  return [...[...ways.values()].filter((keys) => keys.length <= last.length).slice(0, count - 1), last]
}
