/**
 * Sandbox without a Vim, for tests of what stands on one: it knows the plainest commands ("h j k l x dd p i a A o f G
 * :wq :q!"), and an attempt with any other counts as crashed. Nothing is recorded.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { characterOfKey, type Key, type Keystrokes } from "../../services/keys/keystrokes.ts"
import type { Ending } from "../../services/keys/outcome.ts"
import { type Attempt, Sandbox } from "../../services/Sandbox.ts"

interface Buffer {
  lines: Array<string>
  line: number
  /** UTF-16 units. */
  column: number
  /** What "p" puts, a whole line. */
  register: string | undefined
}

type Mode = "n" | "i" | "no" | "c"

const unknown = (keys: string): Ending => ({ _tag: "crashed", detail: `this sandbox does not know "${keys}"` })

/** Returns how the attempt ends. */
const type = ({ keys, source }: Attempt): Ending => {
  const end = /\r\n/.test(source) ? "\r\n" : "\n"
  const isOpen = source !== "" && !source.endsWith("\n")
  const lines = source === "" ? [] : source.split(end)
  if (!isOpen) lines.pop()
  const buffer: Buffer = { lines, line: 0, column: 0, register: undefined }
  const text = () => buffer.lines.join(end) + (buffer.lines.length === 0 || isOpen ? "" : end)
  let mode: Mode = "n"
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? ""
    if (mode === "i") {
      if (key === "<Esc>") {
        mode = "n"
        move(buffer, buffer.line, before(current(buffer), buffer.column))
      } else if (!insert(buffer, key)) return unknown(key)
      continue
    }
    const rest = keys.slice(at).join("")
    if (key === ":") {
      const left = leave(keys.slice(at), source, text())
      if (left !== undefined) return left
      if (!rest.includes("<CR>")) {
        mode = "c"
        break
      }
      return unknown(rest)
    }
    if (key === "d") {
      if (at + 1 === keys.length) {
        mode = "no"
        break
      }
      if (keys[++at] !== "d") return unknown(`d${keys[at]}`)
      buffer.register = buffer.lines.splice(buffer.line, 1)[0]
      move(buffer, Math.min(buffer.line, Math.max(0, buffer.lines.length - 1)), 0)
      continue
    }
    if (key === "f") {
      const character = characterOfKey(keys[++at] ?? "")
      const found = character === null ? -1 : current(buffer).indexOf(character, buffer.column + 1)
      if (found !== -1) buffer.column = found
      continue
    }
    const command = commands[key]
    if (command === undefined) return unknown(key)
    mode = command(buffer)
  }
  const column = new TextEncoder().encode(current(buffer).slice(0, buffer.column)).length + 1
  return { _tag: "finished", text: text(), mode, line: buffer.line + 1, column }
}

const current = ({ line, lines }: Buffer): string => lines[line] ?? ""

/** Returns the column of the character before a column. */
const before = (text: string, column: number): number => {
  if (column <= 0) return 0
  return /[\ud800-\udbff]/.test(text[column - 2] ?? "") ? column - 2 : column - 1
}

const move = (buffer: Buffer, line: number, column: number) => {
  buffer.line = Math.max(0, Math.min(line, buffer.lines.length - 1))
  buffer.column = Math.max(0, Math.min(column, Math.max(0, current(buffer).length - 1)))
}

const insert = (buffer: Buffer, key: Key): boolean => {
  const character = key === "<CR>" ? "\n" : characterOfKey(key)
  if (character === null || (key.length > 1 && key.startsWith("<") && key !== "<lt>" && key !== "<CR>")) return false
  const text = current(buffer)
  const [head, tail] = [text.slice(0, buffer.column), text.slice(buffer.column)]
  if (character === "\n") {
    buffer.lines.splice(buffer.line, 1, head, tail)
    buffer.line++
    buffer.column = 0
  } else {
    buffer.lines[buffer.line] = head + character + tail
    buffer.column += character.length
  }
  return true
}

const commands: Readonly<Record<string, (buffer: Buffer) => Mode>> = {
  h: (buffer) => (move(buffer, buffer.line, buffer.column - 1), "n"),
  l: (buffer) => (move(buffer, buffer.line, buffer.column + 1), "n"),
  j: (buffer) => (move(buffer, buffer.line + 1, buffer.column), "n"),
  k: (buffer) => (move(buffer, buffer.line - 1, buffer.column), "n"),
  G: (buffer) => (move(buffer, buffer.lines.length - 1, 0), "n"),
  "<Esc>": () => "n",
  i: () => "i",
  a: (buffer) => {
    buffer.column = Math.min(current(buffer).length, buffer.column + 1)
    return "i"
  },
  A: (buffer) => {
    buffer.column = current(buffer).length
    return "i"
  },
  o: (buffer) => {
    buffer.lines.splice(buffer.line + 1, 0, "")
    buffer.line = Math.min(buffer.line + 1, buffer.lines.length - 1)
    buffer.column = 0
    return "i"
  },
  x: (buffer) => {
    const text = current(buffer)
    buffer.register = undefined
    buffer.lines[buffer.line] = text.slice(0, buffer.column) + text.slice(buffer.column + 1)
    move(buffer, buffer.line, buffer.column)
    return "n"
  },
  p: (buffer) => {
    if (buffer.register === undefined) return "n"
    buffer.lines.splice(buffer.line + 1, 0, buffer.register)
    move(buffer, buffer.line + 1, 0)
    return "n"
  }
}

/** Returns what ":wq" and ":q!" leave behind; undefined for anything else. */
const leave = (keys: Keystrokes, source: string, text: string): Ending | undefined => {
  const typed = keys.slice(0, keys.indexOf("<CR>")).join("")
  if (typed === ":wq") return { _tag: "left", text: text === "" || text.endsWith("\n") ? text : `${text}\n` }
  return typed === ":q!" ? { _tag: "left", text: source } : undefined
}

const outcomeOf = (attempt: Attempt) => ({ ...type(attempt), keystrokes: attempt.keys.length, millis: 0 })

export const layer: Layer.Layer<Sandbox> = Layer.succeed(
  Sandbox,
  Sandbox.of({
    concurrency: 1,
    run: (attempt) => Effect.sync(() => outcomeOf(attempt)),
    runAll: (attempts) => Effect.sync(() => attempts.map(outcomeOf)),
    record: (attempt) => Effect.sync(() => ({ outcome: outcomeOf(attempt), start: "", frames: [], screen: null }))
  })
)
