/** What a person may ask of the viewer, as text: the originals' commands, and more. keys.ts has single keys for the same. */
import type { LabelName } from "./labels.ts"
import { type Column, columnNames } from "./table.ts"

export type ViewCommand =
  | { readonly _tag: "next" | "previous" | "first" | "last" | "stats" | "table" | "help" | "quit" | "clear" | "play" }
  /** Goes to what is chosen, or back to where one came from. */
  | { readonly _tag: "choose" | "back" }
  /** Shows what is folded away, or folds it; shows all facts, or those that say something. */
  | { readonly _tag: "fold" | "facts" }
  /** The next row that holds what is searched for, or the one before. */
  | { readonly _tag: "hit"; readonly sign: 1 | -1 }
  | { readonly _tag: "label"; readonly label: LabelName }
  /** Chooses the column beside the one that is chosen, and sorts by it or by the one that is named. */
  | { readonly _tag: "column"; readonly sign: 1 | -1 }
  | { readonly _tag: "sort"; readonly column: Column | null }
  | { readonly _tag: "goto"; readonly row: number }
  | { readonly _tag: "search"; readonly text: string }
  | { readonly _tag: "filter"; readonly key: string; readonly value: string }
  | { readonly _tag: "scroll"; readonly by: "line" | "page" | "all"; readonly sign: 1 | -1 }
  /** Goes some lines of the table down, or up. */
  | { readonly _tag: "move"; readonly by: number }
  | { readonly _tag: "step"; readonly sign: 1 | -1 }
  | { readonly _tag: "file"; readonly sign: 1 | -1 }
  /** Opens the line at the bottom, with a text in it. */
  | { readonly _tag: "type"; readonly text: string }
  | { readonly _tag: "wrong"; readonly detail: string }

const plain: Readonly<Record<string, ViewCommand>> = {
  n: { _tag: "next" },
  next: { _tag: "next" },
  p: { _tag: "previous" },
  prev: { _tag: "previous" },
  previous: { _tag: "previous" },
  first: { _tag: "first" },
  last: { _tag: "last" },
  stats: { _tag: "stats" },
  l: { _tag: "table" },
  table: { _tag: "table" },
  open: { _tag: "choose" },
  back: { _tag: "back" },
  fold: { _tag: "fold" },
  z: { _tag: "fold" },
  facts: { _tag: "facts" },
  m: { _tag: "facts" },
  keep: { _tag: "label", label: "keep" },
  drop: { _tag: "label", label: "drop" },
  clear: { _tag: "clear" },
  help: { _tag: "help" },
  "?": { _tag: "help" },
  h: { _tag: "help" },
  again: { _tag: "hit", sign: 1 },
  before: { _tag: "hit", sign: -1 },
  r: { _tag: "play" },
  play: { _tag: "play" },
  q: { _tag: "quit" },
  quit: { _tag: "quit" },
  exit: { _tag: "quit" }
}

/** Reads a command as text; "" is the next row. */
export const parseCommand = (line: string): ViewCommand => {
  const text = line.trim()
  if (text === "") return { _tag: "next" }
  const [word = "", ...rest] = text.split(/\s+/)
  const name = word.toLowerCase()
  const argument = text.slice(word.length).trim()
  const known = Object.hasOwn(plain, name) && argument === "" ? plain[name] : undefined
  if (known !== undefined) return known
  switch (name) {
    case "g":
    case "goto": {
      if (argument === "last") return { _tag: "last" }
      const row = Number(argument)
      return Number.isInteger(row) && row >= 1
        ? { _tag: "goto", row }
        : { _tag: "wrong", detail: "goto takes the number of a row, from 1, or last" }
    }
    case "s":
    case "search":
      return argument === "" ? { _tag: "hit", sign: 1 } : { _tag: "search", text: argument }
    case "f":
    case "filter": {
      const [key] = rest
      if (key === undefined) return { _tag: "clear" }
      const value = argument.slice(key.length).trim()
      return value === ""
        ? { _tag: "wrong", detail: "filter takes a field and a value, as in: filter language python" }
        : { _tag: "filter", key, value }
    }
    case "sort": {
      const column = columnNames.find((one) => one === argument)
      return column === undefined && argument !== ""
        ? { _tag: "wrong", detail: `sort takes one of ${columnNames.filter((one) => one !== "marked").join(", ")}` }
        : { _tag: "sort", column: column ?? null }
    }
    case "]":
      return { _tag: "step", sign: 1 }
    case "[":
      return { _tag: "step", sign: -1 }
    default:
      return /^\d+$/.test(text)
        ? parseCommand(`goto ${text}`)
        : { _tag: "wrong", detail: `there is no command "${word}"; ? lists them` }
  }
}

export const helpText: ReadonlyArray<string> = [
  "n, right         next row                   p, left     previous row",
  "g, :goto N       row N (G: the last)        down, up    scroll a line",
  "s, /, :search T  next row that holds T      space, b    scroll a page",
  "  n, enter       the next one with it       home, end   top and bottom",
  "  N              the one before             esc         end the search",
  "f, :filter K V   only rows whose K holds V  f K =V      K is V exactly",
  "c                no filter and no order     z           open what is folded",
  "l, :table        a line for each row        enter       open that row",
  "  left, right    choose a column            o, :sort C  sort by it; again: back",
  "t, :stats        figures of the file        enter       filter by a figure",
  "m                all facts of the row       [ ]         states of an edit path",
  "+ -              keep or drop the row       r           type its keys in Vim",
  "tab              next file of a folder      esc, q      back; q in a row: leave",
  ":                a command                  q, :quit    leave"
]
