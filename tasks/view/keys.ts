/** What the keys of a terminal are, and what each of them asks for. */
import type { ViewCommand } from "./commands.ts"
import type { Page } from "./model.ts"

/** What the meaning of a key depends on. */
export interface KeyContext {
  readonly page: Page
  readonly isSearching: boolean
}

/** What a key does while no line is typed; keys by the names that `keysTyped` gives. */
export const commandOfKey = (key: string, { isSearching, page }: KeyContext): ViewCommand | undefined => {
  switch (key) {
    case "n":
      return isSearching ? { _tag: "hit", sign: 1 } : { _tag: "next" }
    case "N":
      return { _tag: "hit", sign: -1 }
    case "p":
      return { _tag: "previous" }
    case "right":
      return page === "table" ? { _tag: "column", sign: 1 } : { _tag: "next" }
    case "left":
      return page === "table" ? { _tag: "column", sign: -1 } : { _tag: "previous" }
    case "enter":
      return page === "row" && isSearching ? { _tag: "hit", sign: 1 } : { _tag: "choose" }
    case "escape":
      return { _tag: "back" }
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
    case "f":
      return { _tag: "type", text: "filter " }
    case "c":
      return { _tag: "clear" }
    case "l":
      return { _tag: "table" }
    case "o":
      return { _tag: "sort", column: null }
    case "z":
      return { _tag: "fold" }
    case "m":
      return { _tag: "facts" }
    case "+":
      return { _tag: "label", label: "keep" }
    case "-":
      return { _tag: "label", label: "drop" }
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
      return page === "row" ? { _tag: "quit" } : { _tag: "back" }
    case "interrupt":
      return { _tag: "quit" }
    default:
      return undefined
  }
}

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
