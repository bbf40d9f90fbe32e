/**
 * Recordings as asciicast, the format of asciinema's player: version 2 (times since the start) or 3 (times since the
 * previous event). https://docs.asciinema.org/manual/asciicast/v2/ and v3/. The times are made up, one interval for
 * each key, and nothing says when or where the recording was made: equal recordings give equal bytes.
 */
import { showable } from "../text/showable.ts"
import { endOfDrawing, harmlessRecording } from "./drawing.ts"
import { characterOfKey, printKeys } from "./keystrokes.ts"
import type { Keystrokes } from "./keystrokes.ts"

/** A recording, and how it is to be played. */
export interface CastRequest {
  readonly version: 2 | 3
  readonly columns: number
  readonly rows: number
  /** Seconds from key to key. */
  readonly interval: number
  /** What was drawn before the first key. */
  readonly start: string
  readonly frames: ReadonlyArray<{ readonly key: string; readonly drawn: string }>
}

const titleOf = (keys: Keystrokes): string => {
  const text = showable(printKeys(keys))
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

/** Times are whole microseconds, so that their sums are printed the same everywhere. */
const seconds = (micros: number): number => micros / 1_000_000

/**
 * Returns the file: a header, then an event for each key that was typed ("i") and one for what Vim drew then ("o").
 * Whatever Vim drew, a terminal that plays the file only draws, and is as it was at the end.
 */
export const renderCast = (request: CastRequest): string => {
  const { columns, frames, interval, rows, start, version } = harmlessRecording(request)
  const title = titleOf(frames.map(({ key }) => key))
  const header = version === 2
    ? { version, width: columns, height: rows, title, env: { TERM: "xterm" } }
    : { version, term: { cols: columns, rows, type: "xterm" }, title }
  const step = Math.round(interval * 1_000_000)
  const lines = [JSON.stringify(header), JSON.stringify([0, "o", start])]
  for (const [index, { drawn, key }] of frames.entries()) {
    const time = seconds(version === 2 ? (index + 1) * step : step)
    lines.push(JSON.stringify([time, "i", characterOfKey(key) ?? key]))
    if (drawn !== "") lines.push(JSON.stringify([version === 2 ? time : 0, "o", drawn]))
  }
  // The last screen stays for a while before the end; a player that loops would never show it otherwise.
  const rest = 1_000_000
  const end = seconds(version === 2 ? frames.length * step + rest : rest)
  lines.push(JSON.stringify([end, "o", endOfDrawing]))
  return `${lines.join("\n")}\n`
}
