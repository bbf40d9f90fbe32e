/**
 * Canaries: attempts whose end is known, drawn at random among what people type, so that nothing inside a sandbox can
 * tell one from the others. Each changes its text. A server that gets one wrong has been tampered with.
 */
import { randomInt } from "node:crypto"
import type { Ending } from "../../../services/keys/outcome.ts"
import type { Keystrokes } from "../../../services/keys/keystrokes.ts"
import type { Attempt } from "../../../services/Sandbox.ts"

export interface Canary {
  readonly attempt: Attempt
  /** The text that the keys leave behind. */
  readonly text: string
}

const letters = "abcdefghijklmnopqrstuvwxyz"

const word = (): string => Array.from({ length: randomInt(3, 9) }, () => letters[randomInt(letters.length)]).join("")

const line = (): string => Array.from({ length: randomInt(2, 7) }, word).join(" ")

/** Each takes the lines and the place of one of them, changes them, and returns the keys that do the same. */
const kinds: ReadonlyArray<(lines: Array<string>, at: number) => string> = [
  (lines, at) => {
    lines.splice(at, 1)
    return `${at + 1}Gdd`
  },
  (lines, at) => {
    lines.splice(at, 0, lines[at] ?? "")
    return `${at + 1}Gyyp`
  },
  (lines, at) => {
    const added = word()
    lines[at] += added
    return `${at + 1}GA${added}\u001b`
  },
  (lines, at) => {
    const added = line()
    lines.splice(at + 1, 0, added)
    return `${at + 1}Go${added}\u001b`
  },
  (lines, at) => {
    const added = word()
    lines[at] = lines[at]?.replace(/^\w+/, added) ?? ""
    return `${at + 1}Gcw${added}\u001b`
  }
]

/** Draws one. */
export const drawCanary = (): Canary => {
  const lines = Array.from({ length: randomInt(2, 12) }, line)
  const source = `${lines.join("\n")}\n`
  const keys: Keystrokes = [...(kinds[randomInt(kinds.length)]?.(lines, randomInt(lines.length)) ?? "")]
    .map((key) => (key === "\u001b" ? "<Esc>" : key))
  return { attempt: { source, keys }, text: lines.map((text) => `${text}\n`).join("") }
}

/** Whether a canary ended as it should. */
export const isAlive = ({ text }: Canary, ending: Ending): boolean =>
  ending._tag === "finished" && ending.mode === "n" && ending.text === text
