/** What a person may ask of the viewer: the originals' commands as text, and single keys for the same. */

export type ViewCommand =
  | { readonly _tag: "next" | "previous" | "first" | "last" | "stats" | "help" | "quit" | "clear" | "again" | "play" }
  | { readonly _tag: "goto"; readonly row: number }
  | { readonly _tag: "search"; readonly text: string }
  | { readonly _tag: "filter"; readonly key: string; readonly value: string }
  | { readonly _tag: "scroll"; readonly by: "line" | "page" | "all"; readonly sign: 1 | -1 }
  | { readonly _tag: "step"; readonly sign: 1 | -1 }
  | { readonly _tag: "file"; readonly sign: 1 | -1 }
  /** Opens the line at the bottom, with a text in it. */
  | { readonly _tag: "type"; readonly text: string }
  | { readonly _tag: "wrong"; readonly detail: string }

const plain = {
  n: "next",
  next: "next",
  p: "previous",
  prev: "previous",
  previous: "previous",
  first: "first",
  last: "last",
  stats: "stats",
  clear: "clear",
  help: "help",
  "?": "help",
  h: "help",
  again: "again",
  r: "play",
  play: "play",
  q: "quit",
  quit: "quit",
  exit: "quit"
} as const

/** Reads a command as text; "" is the next row. */
export const parseCommand = (line: string): ViewCommand => {
  const text = line.trim()
  if (text === "") return { _tag: "next" }
  const [word = "", ...rest] = text.split(/\s+/)
  const name = word.toLowerCase()
  const argument = text.slice(word.length).trim()
  if (name in plain && argument === "") return { _tag: plain[name as keyof typeof plain] }
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
      return argument === "" ? { _tag: "again" } : { _tag: "search", text: argument }
    case "f":
    case "filter": {
      const [key] = rest
      if (key === undefined) return { _tag: "clear" }
      const value = argument.slice(key.length).trim()
      return value === ""
        ? { _tag: "wrong", detail: "filter takes a field and a value, as in: filter language python" }
        : { _tag: "filter", key, value }
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

/** What a key does while no line is typed; keys by the names that `keysTyped` gives. */
export const commandOfKey = (key: string): ViewCommand | undefined => {
  switch (key) {
    case "n":
    case "right":
      return { _tag: "next" }
    case "p":
    case "left":
      return { _tag: "previous" }
    case "down":
    case "j":
      return { _tag: "scroll", by: "line", sign: 1 }
    case "up":
    case "k":
      return { _tag: "scroll", by: "line", sign: -1 }
    case "page down":
    case " ":
      return { _tag: "scroll", by: "page", sign: 1 }
    case "page up":
    case "b":
      return { _tag: "scroll", by: "page", sign: -1 }
    case "home":
      return { _tag: "scroll", by: "all", sign: -1 }
    case "end":
      return { _tag: "scroll", by: "all", sign: 1 }
    case "]":
      return { _tag: "step", sign: 1 }
    case "[":
      return { _tag: "step", sign: -1 }
    case "tab":
      return { _tag: "file", sign: 1 }
    case "back tab":
      return { _tag: "file", sign: -1 }
    case "g":
      return { _tag: "type", text: "goto " }
    case "G":
      return { _tag: "last" }
    case "s":
    case "/":
      return { _tag: "type", text: "search " }
    case "N":
      return { _tag: "again" }
    case "f":
      return { _tag: "type", text: "filter " }
    case "c":
      return { _tag: "clear" }
    case ":":
      return { _tag: "type", text: "" }
    case "t":
      return { _tag: "stats" }
    case "r":
      return { _tag: "play" }
    case "?":
    case "h":
      return { _tag: "help" }
    case "q":
    case "interrupt":
      return { _tag: "quit" }
    default:
      return undefined
  }
}

export const helpText: ReadonlyArray<string> = [
  "n, right          next row                    p, left       previous row",
  "g, :goto N        row N (G: the last)         down, up      scroll a line",
  "s, /, :search T   next row that holds T       space, b      scroll a page",
  "N, :again         search on                   home, end     top and bottom",
  "f, :filter K V    only rows whose K holds V   c             no filter",
  "[ ]               states of an edit path      r             type its keys in Vim",
  "tab               next file of a folder       t, :stats     what is in the file",
  ":                 a command                   q, :quit      leave"
]

const escape = "\u001b"

/** Names of what a terminal sends, in the order in which it was typed. */
export const keysTyped = (input: string): ReadonlyArray<string> => {
  const keys: Array<string> = []
  let rest = input
  while (rest !== "") {
    const sequence = rest.startsWith(escape) ? /^.(?:\[[\d;]*[~A-Za-z]|O[A-Za-z])/.exec(rest)?.[0] : undefined
    if (sequence !== undefined) {
      const name = sequences[sequence.slice(2)]
      if (name !== undefined) keys.push(name)
      rest = rest.slice(sequence.length)
      continue
    }
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0)
    keys.push(controls[character] ?? character)
    rest = rest.slice(character.length)
  }
  return keys
}

const sequences: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  Z: "back tab",
  "1~": "home",
  "4~": "end",
  "5~": "page up",
  "6~": "page down"
}

const controls: Readonly<Record<string, string>> = {
  "\r": "enter",
  "\n": "enter",
  "\t": "tab",
  "\u007f": "backspace",
  "\b": "backspace",
  "\u001b": "escape",
  "\u0003": "interrupt",
  "\u0004": "interrupt",
  "\u0015": "erase"
}
