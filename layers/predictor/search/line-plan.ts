/**
 * The cheapest keys that turn one line into another. The differences are mended from left to right, one or several at a
 * time: a change covers some of them and retypes whatever stood between. Between changes the cursor takes at most two
 * motions. What is cheap now may be expensive later, so several places are kept after each difference.
 */
import {
  adding,
  caseOperators,
  type Changed,
  changing,
  deleting,
  insertBefore,
  insertBehind,
  insertFirst,
  insertLast,
  type KeyedChange,
  overMotion,
  overObject,
  overtyping,
  recasing,
  replacing,
  retypingLine,
  shiftingLeft,
  shiftingRight,
  spelled,
  togglingCase,
  transposing
} from "./changes.ts"
import { differencesIn, type LineDifference } from "./differences.ts"
import { firstNonBlank, type Motion, motionsIn, type Range, rangeOf, textObjects } from "./motions.ts"
import { after, cheapest, type KeyPlace } from "./place.ts"

/** A change that is tried at one column, or at any. */
interface LineStep {
  readonly from: number | "anywhere"
  readonly change: KeyedChange
  /** The stage that it leads to. */
  readonly stage: number
  readonly column: number
}

/** A line whose first differences are mended, for each number of them. */
interface Stages {
  readonly texts: ReadonlyArray<string>
  readonly stageOf: ReadonlyMap<string, number>
  readonly differences: ReadonlyArray<LineDifference>
}

/** If there are more differences than this, they are mended as one. */
const mostDifferences = 8

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

/** What a range that covers differences must become, and the stage that this leads to. */
interface Cover {
  readonly stage: number
  readonly text: string
}

/** Collects steps, keeping the shortest of those that do the same. */
const makeSteps = ({ stageOf }: Stages, stage: number, line: string) => {
  const best = new Map<string, LineStep>()
  const isNews = (from: LineStep["from"], next: number, column: number, cost: number): boolean =>
    cost < (best.get(`${from} ${next} ${column}`)?.change.keys.length ?? Infinity)
  return {
    /** Adds a change whose effect is not known in advance. */
    offer: (from: LineStep["from"], change: KeyedChange) => {
      const changed = change.apply(line, from === "anywhere" ? 0 : from)
      const next = changed === undefined ? undefined : stageOf.get(changed.line)
      if (changed === undefined || next === undefined || next <= stage) return
      if (!isNews(from, next, changed.column, change.keys.length)) return
      best.set(`${from} ${next} ${changed.column}`, { from, change, stage: next, column: changed.column })
    },
    /** Adds a change that types a cover from `start` on; it is made only when it is the shortest so far. */
    offerTyped: (from: number, start: number, { stage: next, text }: Cover, keys: string, make: () => KeyedChange) => {
      const column = text.endsWith("\n") ? start + text.length : Math.max(0, start + text.length - 1)
      if (!isNews(from, next, column, keys.length + text.length + 1)) return
      best.set(`${from} ${next} ${column}`, { from, change: make(), stage: next, column })
    },
    all: (): ReadonlyArray<LineStep> => [...best.values()]
  }
}

type LineSteps = ReturnType<typeof makeSteps>

/** Returns every change that leads from a stage to a later one. */
const stepsFrom = (stages: Stages, stage: number): ReadonlyArray<LineStep> => {
  const { differences, texts } = stages
  const line = texts[stage] ?? ""
  const first = differences[stage]
  if (first === undefined) return []
  const steps = makeSteps(stages, stage, line)
  const { offer } = steps
  const stageText = (index: number) => texts[index] ?? ""
  /** Where a difference starts in a line in which the ones before it are mended. */
  const startOf = (index: number) => first.newStart + (differences[index]?.oldStart ?? 0) - first.oldStart
  const endOf = (index: number) => first.newStart + (differences[index]?.oldEnd ?? 0) - first.oldStart
  const position = startOf(stage)
  const covered = (start: number, end: number): ReadonlyArray<Cover> => {
    const covers: Array<Cover> = []
    if (start > position) return covers
    for (let index = stage; index < differences.length && endOf(index) <= end; index++) {
      if (index + 1 < differences.length && end > startOf(index + 1)) continue
      const next = stageText(index + 1)
      covers.push({ stage: index + 1, text: next.slice(start, end + next.length - line.length) })
    }
    return covers
  }

  const target = stageText(differences.length)
  for (const change of [retypingLine(target), shiftingRight, shiftingLeft]) offer("anywhere", change)
  const inserted = first.oldStart === first.oldEnd ? stageText(stage + 1).slice(first.newStart, first.newEnd) : ""
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
  /** How many characters a difference removes if it adds none. */
  const surplus = first.newStart === first.newEnd ? first.oldEnd - first.oldStart : 0
  for (const from of columnsAround(line, position, endOf(stage))) {
    if (from === position) {
      const [same] = covered(from, endOf(stage))
      const count = endOf(stage) - from
      if (same !== undefined && same.text.length === count && new Set(same.text).size === 1) {
        offer(from, replacing(same.text[0] ?? "", count))
      }
      for (let index = stage; index < differences.length; index++) offer(from, togglingCase(endOf(index) - from))
      offer(from, transposing)
    }
    for (let index = stage; index < differences.length; index++) {
      if (from > position) break
      const text = stageText(index + 1).slice(from, endOf(index))
      if (stageText(index + 1).length === line.length && text !== "") offer(from, overtyping(text))
    }
    for (const motion of motions) offerOver(line, from, motion, covered, surplus, steps)
    for (const object of textObjects) {
      const range = object.range(line, from)
      if (range === undefined) continue
      for (const cover of covered(range.start, range.end)) {
        const reach = overObject(object)
        if (cover.text === "") offer(from, deleting(`d${object.keys}`, reach))
        else {
          const keys = `c${object.keys}`
          steps.offerTyped(from, range.start, cover, keys, () => changing(keys, reach, cover.text))
          offerCases(line, from, range, cover, object.keys, (operator) => recasing(operator, object.keys, reach), steps)
        }
      }
    }
  }
  return steps.all()
}

/** Offers the case operators where only case differs. */
const offerCases = (
  line: string,
  from: number,
  { end, start }: Range,
  { text }: Cover,
  keys: string,
  make: (operator: string) => KeyedChange,
  steps: LineSteps
) => {
  if (text.length !== end - start || text.toLowerCase() !== line.slice(start, end).toLowerCase()) return
  if (keys === "") return
  for (const operator of Object.keys(caseOperators)) steps.offer(from, make(operator))
}

const offerOver = (
  line: string,
  from: number,
  motion: Motion,
  covered: (start: number, end: number) => ReadonlyArray<Cover>,
  surplus: number,
  steps: LineSteps
) => {
  const { keys } = motion
  const range = rangeOf(line, from, motion, "d")
  if (range !== undefined) {
    const covers = covered(range.start, range.end)
    // Either of two equal words may go: only the result counts, not where the lines were found to differ.
    const isShifted = covers.length === 0 && surplus > 0 && range.end - range.start === surplus
    if (isShifted || covers.some(({ text }) => text === "")) {
      const over = overMotion("d", motion)
      steps.offer(from, deleting(`d${keys}`, over))
      if (keys === "$") steps.offer(from, deleting("D", over))
      if (keys.endsWith("l")) steps.offer(from, deleting(keys.replace("l", "x"), over))
      if (keys.endsWith("h")) steps.offer(from, deleting(keys.replace("h", "X"), over))
    }
    for (const cover of covers) {
      offerCases(
        line,
        from,
        range,
        cover,
        keys,
        (operator) => recasing(operator, keys, overMotion(operator, motion)),
        steps
      )
    }
  }
  const changed = rangeOf(line, from, motion, "c")
  for (const cover of changed === undefined ? [] : covered(changed.start, changed.end)) {
    if (cover.text === "" || changed === undefined) continue
    const over = overMotion("c", motion)
    const offer = (typed: string) =>
      steps.offerTyped(from, changed.start, cover, typed, () => changing(typed, over, cover.text))
    offer(`c${keys}`)
    if (keys === "$") offer("C")
    if (/^\d*l$/.test(keys)) offer(keys.replace("l", "s"))
  }
}

interface Way {
  readonly keys: string
  readonly cost: number
}

/** Returns the ways from a column to the other columns of a line, by one motion or two. */
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

interface PreparedLine {
  readonly stages: Stages
  readonly steps: ReadonlyArray<ReadonlyArray<LineStep>>
  readonly ways: ReadonlyArray<(from: number) => ReadonlyMap<number, Way>>
}

const prepare = (source: string, target: string): PreparedLine => {
  const stages = stagesOf(source, target)
  return {
    stages,
    steps: stages.differences.map((_, stage) => stepsFrom(stages, stage)),
    ways: stages.texts.map(waysIn)
  }
}

/**
 * Returns the places after the target is reached, the cheapest first; the given places are where the cursor may start.
 */
export type LinePlanner = (source: string, target: string, places: ReadonlyArray<KeyPlace>) => ReadonlyArray<KeyPlace>

/** Makes a planner that remembers what it found for a pair of lines, because one edit often asks for the same pair. */
export const makeLinePlanner = (): LinePlanner => {
  const known = new Map<string, PreparedLine>()
  return (source, target, places) => {
    const key = `${source}\n\n${target}`
    const prepared = known.get(key) ?? prepare(source, target)
    known.set(key, prepared)
    return through(prepared, places)
  }
}

/** A step that could be taken from a place; it becomes a place only if it is among the cheapest. */
interface LineOffer {
  readonly place: KeyPlace
  readonly cost: number
  readonly column: number
  readonly way: string
  readonly change: KeyedChange
  /** Whether "." does the change. */
  readonly isRepeat: boolean
}

/** Offers of one stage, one for each change and column. */
const makeOffers = () => {
  const byChange = new Map<KeyedChange, Map<number, LineOffer>>()
  return {
    take: (offer: LineOffer) => {
      const byColumn = byChange.get(offer.change)
      if (byColumn === undefined) byChange.set(offer.change, new Map([[offer.column, offer]]))
      else if (offer.cost < (byColumn.get(offer.column)?.cost ?? Infinity)) byColumn.set(offer.column, offer)
    },
    places: (count: number): ReadonlyArray<KeyPlace> =>
      [...byChange.values()].flatMap((offers) => [...offers.values()])
        .toSorted((a, b) => a.cost - b.cost).slice(0, count)
        .map(({ change, column, isRepeat, place, way }) =>
          after(place, [...spelled(way), ...(isRepeat ? ["."] : change.keys)], {
            column,
            change: change.isUnrepeatable === true ? null : change,
            register: null,
            lines: null
          })
        )
  }
}

const through = ({ stages, steps, ways }: PreparedLine, places: ReadonlyArray<KeyPlace>): ReadonlyArray<KeyPlace> => {
  const last = stages.differences.length
  const offers = Array.from({ length: last + 1 }, makeOffers)
  for (let stage = 0; stage < last; stage++) {
    const line = stages.texts[stage] ?? ""
    for (const place of stage === 0 ? cheapest(places) : cheapest(offers[stage]?.places(widest) ?? [])) {
      const from = ways[stage]?.(Math.max(0, Math.min(place.column, line.length - 1))) ?? new Map<number, Way>()
      for (const { change, column, from: at, stage: next } of steps[stage] ?? []) {
        const way = at === "anywhere" || line === "" ? nowhere : from.get(at)
        if (way === undefined) continue
        const cost = place.cost + way.cost + change.keys.length
        offers[next]?.take({ place, cost, column, way: way.keys, change, isRepeat: false })
      }
      const { change } = place
      if (change === null) continue
      for (const [at, way] of from) {
        const changed: Changed | undefined = change.apply(line, at)
        const next = changed === undefined ? undefined : stages.stageOf.get(changed.line)
        if (changed === undefined || next === undefined || next <= stage) continue
        const cost = place.cost + way.cost + 1
        offers[next]?.take({ place, cost, column: changed.column, way: way.keys, change, isRepeat: true })
      }
    }
  }
  return cheapest(offers[last]?.places(widest) ?? [])
}

const nowhere: Way = { keys: "", cost: 0 }

/** How many offers become places, before those that have much in common are dropped. */
const widest = 60
