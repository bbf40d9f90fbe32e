/** The synthesiser: finds keystrokes that should turn one text into another, using a model of Vim instead of a Vim. */
import { type Keystrokes, printKeys } from "../../../services/keys/keystrokes.ts"
import { retype } from "../../../services/keys/retyping.ts"
import { shownLines } from "../../../services/text/lines.ts"
import { plan } from "./plan.ts"
import { wholeEdits } from "./whole.ts"

/** Texts with more lines than this are only retyped. */
const mostLines = 4000

/**
 * Returns up to `count` ways, the shortest first, each once. The last resort, which is to retype the lines that differ,
 * is always among them. None is verified.
 */
export const search = (source: string, target: string, count: number): ReadonlyArray<Keystrokes> => {
  const [old, now] = [shownLines(source), shownLines(target)]
  const planned = old.length <= mostLines ? [...wholeEdits(old, now), ...plan(old, now)] : []
  const last = retype(source, target)
  const ways = new Map<string, Keystrokes>()
  for (const keys of planned.toSorted((a, b) => a.length - b.length)) ways.set(printKeys(keys), keys)
  ways.delete(printKeys(last))
  return [...[...ways.values()].filter((keys) => keys.length <= last.length).slice(0, count - 1), last]
}
