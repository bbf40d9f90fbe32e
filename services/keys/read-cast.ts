/**
 * Reads recordings in asciicast, the format of asciinema's player: version 2 (times since the start) or 3 (times since the
 * event before). https://docs.asciinema.org/manual/asciicast/v2/ and v3/.
 */
import { isFields } from "../rows/fields.ts"
import { harmlessDrawing } from "./drawing.ts"

/** What a terminal is sent, and how long after what was sent before. */
export interface CastEvent {
  /** Seconds. */
  readonly wait: number
  /** Nothing but the picture changes when a terminal is sent this. */
  readonly drawn: string
}

/** A recording as it is played. */
export interface Cast {
  readonly columns: number
  readonly rows: number
  readonly events: ReadonlyArray<CastEvent>
}

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const numberIn = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined

/** Returns the recording in a text; undefined for a text that holds none. Lines that are no events are skipped. */
export const readCast = (text: string): Cast | undefined => {
  const [first = "", ...lines] = text.split("\n")
  const header = parsed(first)
  if (!isFields(header)) return undefined
  const { version } = header
  const size = version === 3 ? header["term"] : header
  if ((version !== 2 && version !== 3) || !isFields(size)) return undefined
  const columns = numberIn(version === 3 ? size["cols"] : size["width"])
  const rows = numberIn(version === 3 ? size["rows"] : size["height"])
  if (columns === undefined || rows === undefined) return undefined
  const harmless = harmlessDrawing()
  const events: Array<CastEvent> = []
  let [now, drawnAt] = [0, 0]
  for (const line of lines) {
    const event = parsed(line)
    const time = Array.isArray(event) ? numberIn(event[0]) : undefined
    if (!Array.isArray(event) || time === undefined) continue
    now = version === 3 ? now + time : time
    if (event[1] !== "o" || typeof event[2] !== "string") continue
    events.push({ wait: Math.max(0, now - drawnAt), drawn: harmless(event[2]) })
    drawnAt = now
  }
  return { columns, rows, events }
}
