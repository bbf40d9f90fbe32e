/**
 * The cheapest keys that turn one line into another. The differences are mended from left to right, one or several at a
 * time: a change covers some of them and types again what it took along. Between changes the cursor takes at most two
 * motions. What is cheap now may be dear later, so several places are kept after each difference.
 */
import {
  adding,
  caseOperators,
  type Change,
  type Changed,
  changing,
  deleting,
  insertBefore,
  insertBehind,
  insertFirst,
  insertLast,
  overMotion,
  overObject,
  overtyping,
  recasing,
  replacing,
  retypingLine,
  shiftingLeft,
  shiftingRight,
  togglingCase,
  transposing
} from "./changes.ts"
import { type Difference, differencesIn } from "./differences.ts"
import { firstNonBlank, type Motion, motionsIn, rangeOf, textObjects } from "./motions.ts"
import { after, cheapest, type Place } from "./place.ts"

/** A change that is tried at a column, or from any. */
interface Step {
  readonly from: number | "anywhere"
  readonly change: Change
  /** The stage that it leads to. */
  readonly stage: number
  readonly column: number
}

/** A line of which so many first differences are mended. */
interface Stages {
  readonly texts: ReadonlyArray<string>
  readonly stageOf: ReadonlyMap<string, number>
  readonly differences: ReadonlyArray<Difference>
}

/** More differences than this are mended as one. */
const mostDifferences = 12

const stagesOf = (source: string, target: string): Stages => {
  const all = differencesIn(source, target)
  const first = all[0]
  const last = all.at(-1)
  const differences = all.length <= mostDifferences || first === undefined || last === undefined
    ? all
    : [{ oldStart: first.oldStart, newStart: first.newStart, oldEnd: last.oldEnd, newEnd: last.newEnd }]
  const texts = [source, ...differences.map(({ newEnd, oldEnd }) => target.slice(0, newEnd) + source.slice(oldEnd))]
  return { texts, differences, stageOf: new Map(texts.map((text, stage) => [text, stage])) }
}

/** How far from a difference a change may start. */
const reach = 24

const columnsAround = (line: string, start: number, end: number): ReadonlyArray<number> => {
  const columns = new Set<number>([0, firstNonBlank(line), Math.max(0, line.length - 1)])
  for (let at = Math.max(0, start - reach); at < Math.min(line.length, end + reach); at++) columns.add(at)
  return [...columns]
}

/** Returns every change that leads from a stage to a later one. */
const stepsFrom = ({ differences, stageOf, texts }: Stages, stage: number): ReadonlyArray<Step> => {
  const line = texts[stage] ?? ""
  const first = differences[stage]
  if (first === undefined) return []
  const steps = new Map<string, Step>()
  const offer = (from: Step["from"], change: Change) => {
    const changed = change.apply(line, from === "anywhere" ? 0 : from)
    const next = changed === undefined ? undefined : stageOf.get(changed.line)
    if (changed === undefined || next === undefined || next <= stage) return
    const key = `${from} ${next} ${changed.column}`
    const known = steps.get(key)
    if (known === undefined || change.keys.length < known.change.keys.length) {
      steps.set(key, { from, change, stage: next, column: changed.column })
    }
  }
  /** Where differences stand in the line, and what a range that covers some of them must become. */
  const startOf = (index: number) => first.newStart + (differences[index]?.oldStart ?? 0) - first.oldStart
  const endOf = (index: number) => first.newStart + (differences[index]?.oldEnd ?? 0) - first.oldStart
  const covered = (start: number, end: number): ReadonlyArray<string> => {
    const texts: Array<string> = []
    if (start > startOf(stage)) return texts
    for (let index = stage; index < differences.length && endOf(index) <= end; index++) {
      if (index + 1 < differences.length && end > startOf(index + 1)) continue
      const next = stageText(index + 1)
      texts.push(next.slice(start, end + next.length - line.length))
    }
    return texts
  }
  const stageText = (index: number) => texts[index] ?? ""

  const target = stageText(differences.length)
  for (const change of [retypingLine(target), shiftingRight, shiftingLeft]) offer("anywhere", change)
  const inserted = first.oldStart === first.oldEnd ? stageText(stage + 1).slice(first.newStart, first.newEnd) : ""
  const position = startOf(stage)
  if (inserted !== "") {
    if (position === line.length) offer("anywhere", insertLast(inserted))
    offer("anywhere", insertFirst(inserted))
    if (position < line.length) offer(position, insertBefore(inserted))
    if (position > 0) offer(position - 1, insertBehind(inserted))
  }
  for (const match of line.matchAll(/-?\d+/g)) {
    const now = /^-?\d+/.exec(target.slice(match.index))?.[0]
    const amount = Number(now) - Number(match[0])
    if (now === undefined || amount === 0 || !Number.isSafeInteger(amount)) continue
    for (const from of columnsAround(line, match.index, match.index + match[0].length)) offer(from, adding(amount))
  }

  const motions = motionsIn(line)
  const surplus = first.newStart === first.newEnd ? first.oldEnd - first.oldStart : 0
  for (const from of columnsAround(line, position, endOf(stage))) {
    const same = covered(from, endOf(stage))[0]
    if (same !== undefined && same.length === endOf(stage) - from && same !== "" && from === position) {
      if (new Set(same).size === 1) offer(from, replacing(same[0] ?? "", same.length))
    }
    for (let index = stage; index < differences.length; index++) {
      const text = stageText(index + 1).slice(from, endOf(index))
      if (from <= position && stageText(index + 1).length === line.length && text !== "") offer(from, overtyping(text))
      if (from === position) offer(from, togglingCase(endOf(index) - from))
    }
    if (from === position) offer(from, transposing)
    for (const motion of motions) offerOver(line, from, motion, covered, surplus, offer)
    for (const object of textObjects) {
      const range = object.range(line, from)
      if (range === undefined) continue
      for (const text of covered(range.start, range.end)) {
        if (text === "") offer(from, deleting(`d${object.keys}`, overObject(object)))
        else {
          offer(from, changing(`c${object.keys}`, overObject(object), text))
          for (const operator of Object.keys(caseOperators)) {
            offer(from, recasing(operator, object.keys, overObject(object)))
          }
        }
      }
    }
  }
  return [...steps.values()]
}

const offerOver = (
  line: string,
  from: number,
  motion: Motion,
  covered: (start: number, end: number) => ReadonlyArray<string>,
  surplus: number,
  offer: (from: number, change: Change) => void
) => {
  const { keys } = motion
  const range = rangeOf(line, from, motion, "d")
  const texts = range === undefined ? [] : covered(range.start, range.end)
  // Of a word that stands twice either may go: what is left decides, not where the lines were found to differ.
  const isShifted = range !== undefined && texts.length === 0 && range.end - range.start === surplus
  for (const text of isShifted ? [""] : texts) {
    if (text === "") {
      const over = overMotion("d", motion)
      offer(from, deleting(`d${keys}`, over))
      if (keys === "$") offer(from, deleting("D", over))
      if (keys.endsWith("l")) offer(from, deleting(keys.replace("l", "x"), over))
      if (keys.endsWith("h")) offer(from, deleting(keys.replace("h", "X"), over))
    } else {
      for (const operator of Object.keys(caseOperators)) {
        offer(from, recasing(operator, keys, overMotion(operator, motion)))
      }
    }
  }
  const changed = rangeOf(line, from, motion, "c")
  for (const text of changed === undefined ? [] : covered(changed.start, changed.end)) {
    if (text === "") continue
    const over = overMotion("c", motion)
    offer(from, changing(`c${keys}`, over, text))
    if (keys === "$") offer(from, changing("C", over, text))
    if (/^\d*l$/.test(keys)) offer(from, changing(keys.replace("l", "s"), over, text))
  }
}

interface Way {
  readonly keys: string
  readonly cost: number
}

/** Ways from columns to columns of one line: one motion, or two. */
export const waysIn = (line: string): (from: number) => ReadonlyMap<number, Way> => {
  const motions = motionsIn(line)
  const single = new Map<number, ReadonlyMap<number, Way>>()
  const oneFrom = (from: number): ReadonlyMap<number, Way> => {
    const known = single.get(from)
    if (known !== undefined) return known
    const ways = new Map<number, Way>()
    for (const { keys, reach } of motions) {
      const to = reach(line, from)
      if (to === undefined || to < 0 || to >= line.length || to === from) continue
      const way = ways.get(to)
      if (way === undefined || keys.length < way.cost) ways.set(to, { keys, cost: keys.length })
    }
    single.set(from, ways)
    return ways
  }
  const all = new Map<number, ReadonlyMap<number, Way>>()
  return (from) => {
    const known = all.get(from)
    if (known !== undefined) return known
    const ways = new Map<number, Way>([[from, { keys: "", cost: 0 }], ...oneFrom(from)])
    for (const [middle, first] of oneFrom(from)) {
      if (first.cost > 2) continue
      for (const [to, second] of oneFrom(middle)) {
        const cost = first.cost + second.cost
        if (cost < (ways.get(to)?.cost ?? Infinity)) ways.set(to, { keys: first.keys + second.keys, cost })
      }
    }
    all.set(from, ways)
    return ways
  }
}

/** Returns places behind the target, the cheapest first; `places` are where the cursor may come into the line. */
export const planLine = (source: string, target: string, places: ReadonlyArray<Place>): ReadonlyArray<Place> => {
  const stages = stagesOf(source, target)
  const last = stages.differences.length
  const reached: Array<Array<Place>> = Array.from({ length: last + 1 }, () => [])
  reached[0]?.push(...places)
  for (let stage = 0; stage < last; stage++) {
    const line = stages.texts[stage] ?? ""
    const steps = stepsFrom(stages, stage)
    const ways = waysIn(line)
    for (const place of cheapest(reached[stage] ?? [])) {
      const from = ways(Math.max(0, Math.min(place.column, line.length - 1)))
      for (const { change, column, from: at, stage: next } of steps) {
        const way = at === "anywhere" || line === "" ? { keys: "" } : from.get(at)
        if (way === undefined) continue
        reached[next]?.push(after(place, [...spelled(way.keys), ...change.keys], {
          column,
          change: change.isUnrepeatable === true ? null : change,
          register: null,
          lines: null
        }))
      }
      if (place.change === null) continue
      for (const [at, { keys }] of from) {
        const changed: Changed | undefined = place.change.apply(line, at)
        const next = changed === undefined ? undefined : stages.stageOf.get(changed.line)
        if (changed === undefined || next === undefined || next <= stage) continue
        reached[next]?.push(
          after(place, [...spelled(keys), "."], { column: changed.column, register: null, lines: null })
        )
      }
    }
  }
  return cheapest(reached[last] ?? [])
}

const spelled = (keys: string) => Array.from(keys, (key) => (key === "<" ? "<lt>" : key))
