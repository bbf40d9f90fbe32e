/** The cheapest keys that turn one text into another, hunk by hunk from the top. */
import type { Key, Keystrokes } from "../../../services/keys/keystrokes.ts"
import { typing } from "../../../services/keys/retyping.ts"
import { differencesIn } from "./differences.ts"
import { distance, type LineHunk, lineHunks, type Lines, type Site, sitesOf } from "./line-hunks.ts"
import { type LinePlanner, makeLinePlanner } from "./line-plan.ts"
import { firstNonBlank } from "./motions.ts"
import { after, cheapest, type KeyPlace, keysTo, start } from "./place.ts"
import { travel } from "./travel.ts"

const repeat = (count: number): ReadonlyArray<Key> => (count === 1 ? [] : Array.from(String(count)))

const withEnds = (lines: Lines): string => lines.map((line) => `${line}\n`).join("")

/** How many lines away a line may be to be worth copying. */
const copyReach = 200

/** Changes a line where it stands. */
const changeLine = (
  planLine: LinePlanner,
  places: ReadonlyArray<KeyPlace>,
  at: number,
  old: string,
  now: string,
  lines: Lines
): ReadonlyArray<KeyPlace> => {
  const first = differencesIn(old, now)[0]
  const wanted = first === undefined ? [] : [first.oldStart, Math.max(0, first.oldStart - 1)]
  const there = cheapest(places.flatMap((place) => travel(place, at, lines, wanted)))
  return planLine(old, now, there).map((done) => ({ ...done, line: at }))
}

const deleteLines = (place: KeyPlace, at: number, count: number, lines: Lines): ReadonlyArray<KeyPlace> => {
  const left = [...lines.slice(0, at), ...lines.slice(at + count)]
  const line = Math.max(0, Math.min(at, left.length - 1))
  const next = {
    line,
    column: firstNonBlank(left[line] ?? ""),
    change: null,
    lines: count,
    register: withEnds(lines.slice(at, at + count))
  }
  const ways: Array<ReadonlyArray<Key>> = [[...repeat(count), "d", "d"]]
  if (count === 2) ways.push(["d", "j"])
  if (at + count === lines.length) ways.push(["d", "G"])
  const places = travel(place, at, lines).flatMap((there) =>
    [...ways, ...(there.lines === count ? [["."]] : [])].map((keys) => after(there, keys, next))
  )
  if (at === 0 && count > 1) {
    places.push(...travel(place, count - 1, lines).map((there) => after(there, ["d", "g", "g"], next)))
  }
  return places
}

const insertLines = (
  planLine: LinePlanner,
  place: KeyPlace,
  at: number,
  added: Lines,
  lines: Lines
): ReadonlyArray<KeyPlace> => {
  const places: Array<KeyPlace> = []
  const last = added[added.length - 1] ?? ""
  const typed = {
    line: at + added.length - 1,
    column: Math.max(0, last.length - 1),
    change: null,
    lines: null,
    register: place.register
  }
  const put = { line: at, column: firstNonBlank(added[0] ?? ""), change: null, lines: null }
  const text = withEnds(added)
  const keys = [...typing(added.join("\n")), "<Esc>"]
  for (const above of at > 0 ? travel(place, at - 1, lines) : []) {
    places.push(after(above, ["o", ...keys], typed))
    if (place.register === text) places.push(after(above, ["p"], put))
    if (added.length === 1) {
      const base = lines[at - 1] ?? ""
      places.push(
        ...copied(after(above, ["Y", "p"], { ...put, column: firstNonBlank(base), register: `${base}\n` }), base)
      )
      const source = nearest(last, lines, at)
      if (source !== undefined) {
        const model = lines[source] ?? ""
        const copy = after(above, [":", ...String(source + 1), "t", ".", "<CR>"], {
          ...put,
          column: firstNonBlank(model)
        })
        places.push(...copied(copy, model))
      }
    }
  }
  for (const below of at < lines.length ? travel(place, at, lines) : []) {
    places.push(after(below, ["O", ...keys], typed))
    if (place.register === text) places.push(after(below, ["P"], put))
    if (added.length === 1) {
      const base = lines[at] ?? ""
      places.push(
        ...copied(after(below, ["Y", "P"], { ...put, column: firstNonBlank(base), register: `${base}\n` }), base)
      )
    }
  }
  const size = added.length
  if (size > 1 && withEnds(lines.slice(at - size, at)) === text) {
    for (const there of travel(place, at - size, lines)) {
      places.push(after(there, [...repeat(size), "Y", "P"], { ...put, line: at - size, register: text }))
    }
  }
  return places

  function copied(place: KeyPlace, base: string): ReadonlyArray<KeyPlace> {
    return base === last ? [place] : planLine(base, last, [place]).map((done) => ({ ...done, line: at }))
  }
}

/** Returns the line that is most like a text, if copying it is cheaper than typing. */
const nearest = (text: string, lines: Lines, at: number): number | undefined => {
  let best: number | undefined
  let least = text.length - 4
  for (let line = Math.max(0, at - copyReach); line < Math.min(lines.length, at + copyReach); line++) {
    const other = lines[line] ?? ""
    if (Math.abs(other.length - text.length) > least || other.slice(0, 2) !== text.slice(0, 2)) continue
    const keys = distance(other, text)
    if (keys < least) {
      least = keys
      best = line
    }
  }
  return best
}

const doSite = (
  planLine: LinePlanner,
  places: ReadonlyArray<KeyPlace>,
  site: Site,
  lines: Lines
): ReadonlyArray<KeyPlace> => {
  switch (site._tag) {
    case "change":
      return changeLine(planLine, places, site.at, site.old, site.now, lines)
    case "delete":
      return places.flatMap((place) => deleteLines(place, site.at, site.count, lines))
    case "insert":
      return places.flatMap((place) => insertLines(planLine, place, site.at, site.lines, lines))
  }
}

const linesAfter = (site: Site, lines: Lines): Lines => {
  switch (site._tag) {
    case "change":
      return [...lines.slice(0, site.at), site.now, ...lines.slice(site.at + 1)]
    case "delete":
      return [...lines.slice(0, site.at), ...lines.slice(site.at + site.count)]
    case "insert":
      return [...lines.slice(0, site.at), ...site.lines, ...lines.slice(site.at)]
  }
}

/** What "J" makes of lines. */
const joined = (lines: Lines): string =>
  lines.slice(1).reduce((text, line) => {
    const next = line.trimStart()
    const space = next === "" || text === "" || /\s$/.test(text) || next.startsWith(")") ? "" : " "
    return text + space + next
  }, lines[0] ?? "")

/** A line is split into at most so many; more are typed. */
const mostSplit = 4

/** Returns the places that all ways through one hunk lead to. */
const doHunk = (
  planLine: LinePlanner,
  places: ReadonlyArray<KeyPlace>,
  hunk: LineHunk,
  lines: Lines
): ReadonlyArray<KeyPlace> => {
  const { added, at, removed } = hunk
  const results: Array<KeyPlace> = []
  let reached = places
  let now = lines
  const sites = sitesOf(hunk)
  for (const site of sites) {
    const buffer = now
    reached = cheapest(doSite(planLine, reached, site, buffer))
    now = linesAfter(site, now)
  }
  if (sites.length > 0) results.push(...reached)
  if (removed.length === 0 && sites.length === 0) {
    results.push(...places.flatMap((place) => insertLines(planLine, place, at, added, lines)))
  }
  if (added.length === 0 && sites.length === 0) {
    results.push(...places.flatMap((place) => deleteLines(place, at, removed.length, lines)))
  }
  if (removed.length > 0 && added.length > 0) {
    const last = added[added.length - 1] ?? ""
    const keys = [...repeat(removed.length), "S", ...typing(added.join("\n")), "<Esc>"]
    const end = {
      line: at + added.length - 1,
      column: Math.max(0, last.length - 1),
      change: null,
      lines: null,
      register: null
    }
    for (const there of places.flatMap((place) => travel(place, at, lines))) {
      results.push(after(there, keys, end))
      if (removed.length === 2 && added.length === 2 && removed[0] === added[1] && removed[1] === added[0]) {
        const column = firstNonBlank(added[1] ?? "")
        results.push(
          after(there, ["d", "d", "p"], {
            line: at + 1,
            column,
            change: null,
            lines: null,
            register: `${removed[0]}\n`
          })
        )
      }
      if (removed.length > 1 && added.length === 1) {
        const text = joined(removed)
        const column = Math.max(0, joined(removed.slice(0, -1)).length)
        const join = [...(removed.length === 2 ? [] : String(removed.length)), "J"]
        const place = after(there, join, { line: at, column, change: null, lines: null, register: there.register })
        results.push(...(text === last ? [place] : planLine(text, last, [place])))
      }
    }
    if (removed.length === 1 && added.length > 1 && added.length <= mostSplit) {
      const split = changeLine(planLine, places, at, removed[0] ?? "", added.join("\n"), lines)
      results.push(...split.map((place) => ({
        ...place,
        line: at + added.length - 1,
        column: Math.max(0, place.column - added.slice(0, -1).join("\n").length - 1),
        change: null
      })))
    }
  }
  return cheapest(results)
}

/**
 * Returns keys that should turn the old lines into the new ones, the shortest first; the cursor starts in a column of the
 * first line.
 */
export const plan = (old: Lines, now: Lines, column: number): ReadonlyArray<Keystrokes> => {
  let places: ReadonlyArray<KeyPlace> = [{ ...start, column }]
  const planLine = makeLinePlanner()
  for (const hunk of lineHunks(old, now)) {
    places = doHunk(planLine, places, hunk, [...now.slice(0, hunk.at), ...old.slice(hunk.oldAt)])
  }
  return places.map(keysTo)
}
