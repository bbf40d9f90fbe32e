/** Where two lines differ, from left to right; what stands between two differences is in both lines. */

export interface LineDifference {
  /** UTF-16 offsets in the old line and in the new one. */
  readonly oldStart: number
  readonly oldEnd: number
  readonly newStart: number
  readonly newEnd: number
}

const tokensOf = (line: string): ReadonlyArray<string> => line.match(/\w+|[^\w\s]|\s+/g) ?? []

/** Returns, for each pair of suffixes, the length of their longest common subsequence. */
const commonLengths = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): ReadonlyArray<Int32Array> => {
  const lengths = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) {
    const row = lengths[i] ?? new Int32Array()
    const below = lengths[i + 1] ?? new Int32Array()
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] = a[i] === b[j]
        ? (below[j + 1] ?? 0) + (a[i] ?? "").length
        : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return lengths
}

/** Returns a difference without what both sides start and end with. */
const narrowed = (old: string, now: string, { newEnd, newStart, oldEnd, oldStart }: LineDifference): LineDifference => {
  let head = 0
  let tail = 0
  const most = Math.min(oldEnd - oldStart, newEnd - newStart)
  while (head < most && old[oldStart + head] === now[newStart + head]) head++
  while (tail < most - head && old[oldEnd - 1 - tail] === now[newEnd - 1 - tail]) tail++
  return { oldStart: oldStart + head, oldEnd: oldEnd - tail, newStart: newStart + head, newEnd: newEnd - tail }
}

/** A line with more tokens than this counts as rewritten between the ends that it kept. */
const mostTokens = 400

export const differencesIn = (old: string, now: string): ReadonlyArray<LineDifference> => {
  if (old === now) return []
  const whole = narrowed(old, now, { oldStart: 0, oldEnd: old.length, newStart: 0, newEnd: now.length })
  const a = tokensOf(old)
  const b = tokensOf(now)
  if (a.length > mostTokens || b.length > mostTokens) return [whole]
  const lengths = commonLengths(a, b)
  const found: Array<LineDifference> = []
  let [i, j, oldAt, newAt] = [0, 0, 0, 0]
  let [oldStart, newStart] = [0, 0]
  const flush = () => {
    if (oldAt > oldStart || newAt > newStart) {
      found.push(narrowed(old, now, { oldStart, oldEnd: oldAt, newStart, newEnd: newAt }))
    }
  }
  while (i < a.length || j < b.length) {
    const [left = "", right = ""] = [a[i], b[j]]
    if (i < a.length && j < b.length && left === right) {
      flush()
      i++
      j++
      oldAt += left.length
      newAt += right.length
      oldStart = oldAt
      newStart = newAt
    } else if (j >= b.length || (i < a.length && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      i++
      oldAt += left.length
    } else {
      j++
      newAt += right.length
    }
  }
  flush()
  return found
}
