/**
 * Which files have something under a key, such as the name of a definition. Every version of a file that is kept is
 * entered once; which of them is shown, if any, is looked at when somebody asks, so that showing another costs nothing.
 */
import { ownText } from "./own-text.ts"
import type { IndexedFile, ProjectPath } from "./indexed-file.ts"

/** A file that is shown, and what it has under a key. */
export type Entry<A> = readonly [file: IndexedFile, found: A]

export interface Register<A> {
  /** Enters a version of the file at a path. */
  readonly enter: (path: ProjectPath, file: IndexedFile) => void
  /** Takes an entered version out. */
  readonly remove: (path: ProjectPath, file: IndexedFile) => void
  /** What the files that are shown have under a key, in no order. */
  readonly at: (key: string) => ReadonlyArray<Entry<A>>
  /** Has to be called whenever another version of a file is shown. */
  readonly forgetAnswers: () => void
}

interface Holders<A> {
  /** How many versions of the file at a path have the key. */
  readonly paths: Map<ProjectPath, number>
  answer: ReadonlyArray<Entry<A>>
  /** The state of the project that it was the answer in. */
  state: number
}

/** Makes a register; `tableOf` gives all that a version of a file has, by key. */
export const makeRegister = <A>(tableOf: (file: IndexedFile) => ReadonlyMap<string, A>): Register<A> => {
  const byKey = new Map<string, Holders<A>>()
  let state = 0

  const holdersOf = (key: string): Holders<A> => {
    const known = byKey.get(key)
    if (known !== undefined) return known
    const fresh: Holders<A> = { paths: new Map(), answer: [], state: -1 }
    byKey.set(ownText(key), fresh)
    return fresh
  }

  return {
    enter: (path, file) => {
      for (const key of tableOf(file).keys()) {
        const { paths } = holdersOf(key)
        paths.set(path, (paths.get(path) ?? 0) + 1)
      }
    },
    remove: (path, file) => {
      for (const key of tableOf(file).keys()) {
        const { paths } = holdersOf(key)
        const left = (paths.get(path) ?? 0) - 1
        if (left > 0) paths.set(path, left)
        else paths.delete(path)
        if (paths.size === 0) byKey.delete(key)
      }
    },
    at: (key) => {
      const holders = byKey.get(key)
      if (holders === undefined) return []
      if (holders.state === state) return holders.answer
      const answer: Array<Entry<A>> = []
      for (const { shown } of holders.paths.keys()) {
        const found = shown === undefined ? undefined : tableOf(shown).get(key)
        if (shown !== undefined && found !== undefined) answer.push([shown, found])
      }
      holders.answer = answer
      holders.state = state
      return answer
    },
    forgetAnswers: () => state++
  }
}
