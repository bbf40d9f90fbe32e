/** What a terminal shows while a recording plays: a screen for its start, then one for each key. */
import xterm from "@xterm/headless"

/** A piece of a line whose cells look the same. */
export interface Run {
  readonly column: number
  readonly text: string
  readonly isBold: boolean
}

export interface Screen {
  /** The key that led here; none for the first screen. */
  readonly key: string | undefined
  /** Seconds since the start of the recording. */
  readonly time: number
  readonly lines: ReadonlyArray<ReadonlyArray<Run>>
  readonly cursor: { readonly column: number; readonly row: number }
}

type Event = readonly [time: number, kind: "i" | "o", data: string]

/** Reads an asciicast of version 2 and returns its screens. */
export const screensOf = async (cast: string): Promise<ReadonlyArray<Screen>> => {
  const [header = "", ...events] = cast.trimEnd().split("\n")
  const { height, width } = JSON.parse(header) as { readonly width: number; readonly height: number }
  const terminal = new xterm.Terminal({ cols: width, rows: height, allowProposedApi: true })
  const screens: Array<Screen> = []
  let key: string | undefined
  let time = 0
  const keep = () =>
    screens.push({
      key,
      time,
      lines: Array.from({ length: height }, (_, row) => runsIn(terminal, row)),
      cursor: { column: terminal.buffer.active.cursorX, row: terminal.buffer.active.cursorY }
    })
  for (const line of events) {
    const [at, kind, data] = JSON.parse(line) as Event
    if (kind === "o") {
      await new Promise<void>((resolve) => terminal.write(data, resolve))
      continue
    }
    keep()
    key = data
    time = at
  }
  keep()
  terminal.dispose()
  return screens
}

const runsIn = (terminal: xterm.Terminal, row: number): ReadonlyArray<Run> => {
  const line = terminal.buffer.active.getLine(row)
  const runs: Array<{ column: number; text: string; isBold: boolean }> = []
  for (let column = 0; column < terminal.cols; column++) {
    const cell = line?.getCell(column)
    const text = cell?.getChars() || " "
    const isBold = cell !== undefined && cell.isBold() !== 0
    const last = runs.at(-1)
    if (last?.isBold === isBold) last.text += text
    else runs.push({ column, text, isBold })
  }
  return runs.map(({ column, text, ...run }) => ({
    ...run,
    column: column + text.length - text.trimStart().length,
    text: text.trim()
  })).filter(({ text }) => text !== "")
}
