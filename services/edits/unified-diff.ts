/**
 * Edits as unified diffs (POSIX diff -u). Without file headers and with no context they are what the LintSeq paper
 * trains on; with both they are what patch and git apply read.
 */
import { DoesNotApply, type LineChange, type LineEdit } from "./line-edit.ts"
import type { LineText } from "../text/lines.ts"

/** How much stands around the changes of a diff. */
export interface DiffStyle {
  /** Unchanged lines around each change. */
  readonly context: number
  /**
   * Path for the file headers, or null for no headers. With a path, a missing final "\n" is marked as diff marks it.
   */
  readonly path: string | null
}

/** Renders a range for the header of a hunk: its first line, from 1, and its length where that is not 1. */
const renderRange = (start: number, length: number): string => {
  if (length === 1) return String(start + 1)
  return `${length === 0 ? start : start + 1},${length}`
}

/** Groups changes into hunks: those whose contexts meet share one. */
const hunksOf = (edit: LineEdit, context: number): ReadonlyArray<ReadonlyArray<LineChange>> => {
  const hunks: Array<Array<LineChange>> = []
  let end = -1
  for (const change of edit) {
    const last = hunks[hunks.length - 1]
    if (last !== undefined && context > 0 && change.start - end <= 2 * context) last.push(change)
    else hunks.push([change])
    end = change.start + change.removed.length
  }
  return hunks
}

/** Renders an edit of `before`; lines are joined by "\n", with none at the end. */
export const renderDiff = (before: LineText, after: LineText, edit: LineEdit, style: DiffStyle): string => {
  const out: Array<string> = []
  if (style.path !== null) {
    out.push(`--- ${before.lines.length === 0 ? "/dev/null" : `a/${style.path}`}`)
    out.push(`+++ ${after.lines.length === 0 ? "/dev/null" : `b/${style.path}`}`)
  }
  const put = (sign: string, line: string, isLastOld: boolean, isLastNew: boolean): void => {
    out.push(sign + line)
    if (style.path === null) return
    const isOpen = sign === "-" ? isLastOld && before.isOpen : isLastNew && after.isOpen
    if (isOpen) out.push("\\ No newline at end of file")
  }
  let shift = 0
  for (const changes of hunksOf(edit, style.context)) {
    const first = changes[0]
    const last = changes[changes.length - 1]
    if (first === undefined || last === undefined) continue
    const oldStart = Math.max(0, first.start - style.context)
    const oldEnd = Math.min(before.lines.length, last.start + last.removed.length + style.context)
    const growth = changes.reduce((sum, { added, removed }) => sum + added.length - removed.length, 0)
    const oldRange = renderRange(oldStart, oldEnd - oldStart)
    const newRange = renderRange(oldStart + shift, oldEnd - oldStart + growth)
    out.push(`@@ -${oldRange} +${newRange} @@`)
    let old = oldStart
    let now = oldStart + shift
    const keepUntil = (end: number): void => {
      for (; old < end; old++, now++) {
        put(" ", before.lines[old] ?? "", old === before.lines.length - 1, now === after.lines.length - 1)
      }
    }
    for (const { added, removed, start } of changes) {
      keepUntil(start)
      for (const line of removed) put("-", line, old++ === before.lines.length - 1, false)
      for (const line of added) put("+", line, false, now++ === after.lines.length - 1)
    }
    keepUntil(oldEnd)
    shift += growth
  }
  return out.join("\n")
}

const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/

/**
 * Reads the edit of one file back; lines of context are part of no change. Throws DoesNotApply when it is not a diff.
 *
 * @example
 * parseDiff("@@ -1,0 +2 @@\n+b") // [{ start: 1, removed: [], added: ["b"] }]
 */
export const parseDiff = (text: string): LineEdit => {
  const lines = text === "" ? [] : text.split("\n")
  const edit: Array<LineChange> = []
  let index = 0
  while (index < lines.length && /^(?:---|\+\+\+) /.test(lines[index] ?? "")) index++
  while (index < lines.length) {
    const match = header.exec(lines[index] ?? "")
    if (match === null) throw new DoesNotApply(`"${(lines[index] ?? "").slice(0, 40)}" is not the header of a hunk`)
    index++
    let oldLeft = Number(match[2] ?? 1)
    let newLeft = Number(match[4] ?? 1)
    let at = oldLeft === 0 ? Number(match[1]) : Number(match[1]) - 1
    let open: { readonly start: number; readonly removed: Array<string>; readonly added: Array<string> } | undefined
    while (oldLeft > 0 || newLeft > 0 || (lines[index] ?? "").startsWith("\\ ")) {
      const line = lines[index++]
      if (line === undefined) throw new DoesNotApply("a hunk is shorter than its header says")
      const sign = line[0]
      if (sign === "\\") continue
      if (sign === " ") {
        open = undefined
        oldLeft--
        newLeft--
        at++
        continue
      }
      if (sign !== "+" && sign !== "-") throw new DoesNotApply(`a line of a hunk starts with "${sign ?? ""}"`)
      if (open === undefined) {
        open = { start: at, removed: [], added: [] }
        edit.push(open)
      }
      if (sign === "-") {
        open.removed.push(line.slice(1))
        oldLeft--
        at++
      } else {
        open.added.push(line.slice(1))
        newLeft--
      }
    }
  }
  return edit
}
