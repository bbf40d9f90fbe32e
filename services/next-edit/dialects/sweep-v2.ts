/**
 * Sweep's next-edit model of 7 billion parameters, second version: 150 lines around the cursor, the last edits with their
 * lines, and a block of 21 lines whose beginning is given and whose rest the model writes. Source: inference.py beside
 * the weights on the Hub; another program by the same authors asks differently, and this follows the one that was
 * trained on.
 */
import { lineStartsOf } from "../../text/span.ts"
import {
  applied,
  beforeMarks,
  type Dialect,
  holdsControls,
  holdsOneOf,
  type NextEditAnswer,
  notRendered,
  readingBack,
  renderingWith,
  withoutMark,
  withoutOwnEnd
} from "../dialect.ts"
import type { EditMoment } from "../example.ts"
import { type ChangedStretch, changedStretch, lastEventHere, rowsAround, windowBefore } from "../line-window.ts"
import { isBlank } from "../../text/span.ts"
import { rowAt, rowsOf, spanOfRows, textOfRows, tokensByBytes } from "../rows.ts"
import { eventOfBlock, sweepBlocks, sweepMark as fileMark } from "../sweep-blocks.ts"

const cursorMark = "<|cursor|>"
const end = "<|endoftext|>"
const controls = [fileMark, cursorMark, end]

/** Lines above and below that of the cursor: of the file, and of the block. */
const fileReach = 150
const blockReach = 10
const mostEvents = 6
const maxTokens = 8192

const show: Dialect["show"] = (moment) => {
  const { cursor, events, file: { path, text }, related } = moment
  const rows = rowsOf(text)
  const seen = rowsAround(rows, cursor, fileReach, fileReach)
  const block = rowsAround(rows, cursor, blockReach, blockReach)
  const region = spanOfRows(rows, block)
  const last = lastEventHere(moment)
  const changes = events.flatMap((event) => {
    const lines = changedStretch(event)
    return lines === undefined || isBlank(lines.before + lines.after)
      ? []
      : [
        `${fileMark}${event.path}:${lines.from}:${lines.to}\noriginal:\n${lines.before}\nupdated:\n${lines.after}`
      ]
  }).slice(-mostEvents)
  const place = `${path}:${block.from + 1}:${block.to}`
  const cursorAt = cursor - region.start
  const current = text.slice(region.start, region.end)
  const head = `${fileMark}${path}\n${textOfRows(rows, seen)}`
  const frame = `${changes.join("\n")}\n${fileMark}original/${place}\n${windowBefore(rows, block, last)}\n\n` +
    `${fileMark}current/${place}\n${current.slice(0, cursorAt)}${cursorMark}${current.slice(cursorAt)}\n\n` +
    `${fileMark}updated/${place}\n${prefillOf(moment)}`
  let left = maxTokens - tokensByBytes(head) - tokensByBytes(frame) - tokensByBytes(current)
  if (left < 0) return notRendered("over the size limit")
  const others: Array<string> = []
  for (const excerpt of related) {
    const part = `\n${fileMark}${excerpt.path}\n${excerpt.text.replace(/\n$/, "")}`
    left -= tokensByBytes(part)
    if (left < 0) break
    others.push(part)
  }
  const sources = [head.slice(fileMark.length), current, ...others.map((part) => part.slice(fileMark.length + 1))]
  const past = events.flatMap(({ after, before }) => [before, after])
  if ([...sources, ...past].some((source) => controls.some((control) => source.includes(control)))) {
    return notRendered(holdsControls)
  }
  return { _tag: "shown", shown: { prompt: `${head}${others.join("")}\n${frame}`, system: null, region } }
}

/** How the updated block begins: as it is above the cursor's line, or with its first line where edits lie above that. */
const prefillOf = (moment: EditMoment): string => {
  const { cursor, file: { text } } = moment
  const rows = rowsOf(text)
  const block = rowsAround(rows, cursor, blockReach, blockReach)
  const row = rowAt(rows, cursor)
  const last = lastEventHere(moment)
  const changed: ChangedStretch | undefined = last === undefined ? undefined : changedStretch(last)
  const isChangedAbove = changed !== undefined && changed.from - 1 < row && changed.to - 1 >= block.from
  let to = row
  if (isChangedAbove && block.from < row) {
    to = block.from + 1
    while (to < row && textOfRows(rows, { from: to, to: to + 1 }).trim() === "") to++
  }
  return text.slice(rows.starts[block.from] ?? 0, rows.starts[to] ?? 0)
}

const render = renderingWith(show, holdsOneOf(controls), (example, _region, wanted) => {
  const prefill = prefillOf(example)
  return wanted.startsWith(prefill)
    ? `${wanted.slice(prefill.length)}${end}`
    : notRendered("the edit begins above what the model writes")
})

/** The prompt ends with the beginning of the block, so the answer alone is not the whole of it. */
const parse: Dialect["parse"] = (answer, shown, { file: { text } }) => {
  const prefill = sweepBlocks(shown.prompt).at(-1)?.text ?? ""
  const whole = beforeMarks(answer, controls)
  const old = text.slice(shown.region.start, shown.region.end)
  const fresh = withoutOwnEnd(`${prefill}${whole}`, old)
  const edit: NextEditAnswer = { _tag: "edit", text: fresh, cursor: null }
  return applied(text, shown, edit) === text ? { _tag: "no edit" } : edit
}

const read: Dialect["read"] = (prompt) => {
  const blocks = sweepBlocks(prompt)
  const [file, ...behind] = blocks.slice(0, -3)
  const [original, current, updated] = blocks.slice(-3)
  const [, place, path, first] = /^updated\/((.*):(\d+):\d+)$/.exec(updated?.name ?? "") ?? []
  const isWhole = original?.name === `original/${place}` && current?.name === `current/${place}` && file?.name === path
  if (path === undefined || !isWhole || typeof file?.text !== "string" || !current.text?.endsWith("\n")) {
    return undefined
  }
  const { at: cursor, text: block } = withoutMark(current.text, cursorMark)
  const region = block.slice(0, -1)
  if (cursor === null || !isBeginning(updated?.text ?? null, region)) return undefined
  // The lines of the file are not numbered, but they begin as far above the cursor as they can.
  const blockRow = Number(first) - 1
  const cursorRow = blockRow + lineStartsOf(region.slice(0, cursor)).length - 1
  const start = lineStartsOf(file.text)[blockRow - Math.max(0, cursorRow - fileReach)] ?? -1
  if (start === -1 || !file.text.startsWith(region, start)) return undefined
  // Where nothing stands behind the file, the list of changes is empty, and its line end is left.
  const end = file.text.length - (behind.length === 0 ? 1 : 0)
  return {
    path,
    events: behind.flatMap((change) => eventOfBlock(/^(.*):\d+:\d+$/.exec(change.name)?.[1], change) ?? []),
    above: file.text.slice(0, start),
    region,
    below: file.text.slice(start + region.length, end),
    cursor
  }
}

/** Whether the beginning that the model goes on from is whole. */
const isBeginning = (prefill: string | null, region: string): boolean =>
  prefill === "" || (prefill !== null && prefill.endsWith("\n") && region.startsWith(prefill))

/** What Sweep's larger model reads and writes. */
export const sweepV2: Dialect = readingBack({
  name: "sweep-v2",
  controls,
  stops: [fileMark, end],
  maxTokens,
  estimate: tokensByBytes,
  growsAlongSyntax: false,
  show,
  render,
  parse,
  read
})
