/**
 * Decontamination: whether a row holds a piece of a benchmark. Compared are runs of ten words, of those only the ones with
 * four different words of at least three letters, since digits and loops stand everywhere; a row is hit that shares three
 * runs with one task.
 */
import type { BenchmarkText } from "./benchmark-texts.ts"
import { type CodeWords, gramHash, wordsOf } from "./words.ts"

/** How many words make a run. */
const runWords = 10
/** So many different words of a run must have `tellingLetters` letters. */
const tellingWords = 4
const tellingLetters = 3
/** So many different runs of one task make a hit. */
const fewestRuns = 3

/** A task that a row holds a piece of. */
export interface BenchmarkHit {
  readonly file: string
  readonly task: string
  /** How many different runs of the task the row holds. */
  readonly runs: number
  /** The first of them, as the row has it. */
  readonly example: string
}

/** Benchmarks that rows are compared with. */
export interface Benchmarks {
  readonly tasks: number
  /** How many runs of words are looked for. */
  readonly runs: number
  /** Tasks without any such run, which no row can be compared with. */
  readonly tooShort: number
  /** Returns the task that texts of one row share the most runs with, the first of equals; undefined for no hit. */
  readonly hitIn: (texts: ReadonlyArray<string>) => BenchmarkHit | undefined
}

/** Bits of the filter that most runs of a row are told by at once. */
const filterBits = 2 ** 22

/** Makes benchmarks of texts. Takes about 100 bytes for each run of words. */
export const makeBenchmarks = (texts: Iterable<BenchmarkText>): Benchmarks => {
  const tasks = new Map<string, { readonly file: string; readonly task: string; readonly number: number }>()
  const tasksOf = new Map<number, Array<number>>()
  const telling = new Set<number>()
  const filter = new Uint8Array(filterBits / 8)
  for (const { file, task, text } of texts) {
    const key = `${file}\n${task}`
    const { number } = tasks.get(key) ?? { number: tasks.size }
    if (number === tasks.size) tasks.set(key, { file, task, number })
    const words = wordsOf(text)
    for (let at = 0; at + runWords <= words.count; at++) {
      if (!isTelling(text, words, at)) continue
      telling.add(number)
      const hash = gramHash(words, at, runWords)
      filter[(hash % filterBits) >>> 3] = (filter[(hash % filterBits) >>> 3] ?? 0) | 1 << (hash & 7)
      const run = runOf(words, at, hash)
      const known = tasksOf.get(run)
      if (known === undefined) tasksOf.set(run, [number])
      else if (!known.includes(number)) known.push(number)
    }
  }
  const named = [...tasks.values()]
  const hitIn: Benchmarks["hitIn"] = (texts) => {
    const found = new Map<number, { readonly runs: Set<number>; readonly example: string }>()
    for (const text of texts) {
      const words = wordsOf(text)
      for (let at = 0; at + runWords <= words.count; at++) {
        const hash = gramHash(words, at, runWords)
        if (((filter[(hash % filterBits) >>> 3] ?? 0) & 1 << (hash & 7)) === 0) continue
        const run = runOf(words, at, hash)
        for (const number of tasksOf.get(run) ?? []) {
          const known = found.get(number) ?? { runs: new Set(), example: textOfRun(text, words, at) }
          found.set(number, known)
          known.runs.add(run)
        }
      }
    }
    const [most] = [...found].sort(([a, one], [b, other]) => other.runs.size - one.runs.size || a - b)
    const task = most === undefined ? undefined : named[most[0]]
    if (most === undefined || task === undefined || most[1].runs.size < fewestRuns) return undefined
    return { file: task.file, task: task.task, runs: most[1].runs.size, example: most[1].example }
  }
  return { tasks: tasks.size, runs: tasksOf.size, tooShort: tasks.size - telling.size, hitIn }
}

/** Returns 53 bits of a run, of which `hash` are the upper ones. */
const runOf = (words: CodeWords, at: number, hash: number): number =>
  hash * 2 ** 21 + (gramHash(words, at, runWords, 1) >>> 11)

const textOfRun = (text: string, { ends, starts }: CodeWords, at: number): string =>
  text.slice(starts[at], ends[at + runWords - 1])

/** Whether enough different words of a run have enough letters. */
const isTelling = (text: string, { ends, hashes, starts }: CodeWords, at: number): boolean => {
  const found = new Set<number>()
  for (let word = at; word < at + runWords; word++) {
    const letters = text.slice(starts[word], ends[word]).replace(/[\d_]/g, "").length
    if (letters >= tellingLetters) found.add(hashes[word] ?? 0)
  }
  return found.size >= tellingWords
}

/** What was hit of one task. */
export interface HitTask extends BenchmarkHit {
  readonly rows: number
  /** Where the first row stands, in the order of places. */
  readonly place: string
}

/** Gathers hits by task, whatever order the rows come in. */
export interface HitGatherer {
  readonly add: (hit: BenchmarkHit, place: string) => void
  /** The tasks that were hit, those with the most rows first. */
  readonly result: () => ReadonlyArray<HitTask>
}

/** Makes a gatherer without hits. */
export const makeHits = (): HitGatherer => {
  const found = new Map<string, HitTask>()
  return {
    add: (hit, place) => {
      const key = `${hit.file}\n${hit.task}`
      const known = found.get(key)
      const first = known === undefined || place < known.place ? { ...hit, place } : known
      found.set(key, { ...first, rows: (known?.rows ?? 0) + 1 })
    },
    result: () =>
      [...found].sort(([a, one], [b, other]) => other.rows - one.rows || (a < b ? -1 : 1)).map(([, hit]) => hit)
  }
}
