/**
 * What Vim drew, as it may be sent to a person's terminal. The keys of a row can make Vim send anything (echoraw), so
 * only what moves the cursor, colours, erases and shifts goes through. Modes, questions and titles are dropped: nothing
 * that outlives the recording is set, but for the cursor, the colours and the margins, which the end gives back. A
 * string for the terminal, such as one that fills the clipboard, is shown as text.
 */
import { pictureOf } from "../text/showable.ts"

/** Gives back what a drawing may have changed: margins, which move the cursor when they are set, colours and the cursor. */
export const endOfDrawing = "\u001b7\u001b[r\u001b8\u001b[0m\u001b[?25h"

/** A string for the terminal that is longer is shown up to here. UTF-16 units. */
const longestString = 80

/** Control sequences without a prefix that change nothing but the picture, by their last character. */
const pictureCommands = /^[0-9;:]{0,64}[@ABCDEFGHIJKLMPSTXZ`abdefmrsu]$/

/** Numbers so large ask a terminal to do something very often. */
const largeNumber = /\d{5}/

/** Escapes of two characters: save, restore, index, next line, reverse index. */
const pictureEscapes = "78DEM"

/** Where the reading of a drawing stands between two pieces of it. */
type State = "text" | "escape" | "intermediate" | "control" | "string" | "string escape"

/**
 * Returns what makes pieces of one drawing harmless, in their order; a sequence may go on in the next piece.
 *
 * @example
 * harmlessDrawing()("a\u001b[1mb\u001b[?1000h") // "a\u001b[1mb"
 */
export const harmlessDrawing = (): (piece: string) => string => {
  let state: State = "text"
  let held = ""
  /** What opened a string: "]" for a command of the operating system, "P" and others for a device. */
  let kind = ""
  const endString = (): string => {
    const isTitle = kind === "]" && /^[012];/.test(held)
    const text = isTitle ? "" : showString(`\u241b${kind}${held}`)
    held = ""
    state = "text"
    return text
  }
  const take = (character: string): string => {
    switch (state) {
      case "text":
        if (character === "\u001b") state = "escape"
        else if (!unheard.includes(character)) return inText(character)
        return ""
      case "escape":
        state = "text"
        if (character === "\u001b") state = "escape"
        else if (character === "[") [state, held] = ["control", ""]
        else if (/[\]P^_X]/.test(character)) [state, kind, held] = ["string", character, ""]
        else if (/[ -/]/.test(character)) state = "intermediate"
        else if (pictureEscapes.includes(character)) return `\u001b${character}`
        return ""
      case "intermediate":
        if (!/[ -/]/.test(character)) state = "text"
        return ""
      case "control":
        // A control in the middle of a sequence is carried out by some terminals and ends it for others.
        if (/[^ -~]/.test(character)) {
          state = character === "\u001b" ? "escape" : "text"
          return ""
        }
        if (held.length < 128) held += character
        if (!/[@-~]/.test(character)) return ""
        state = "text"
        return isOfPicture(held) ? `\u001b[${held}` : ""
      case "string":
        if (character === "\u0007" || character === "\u009c") return endString()
        if (character === "\u0018" || character === "\u001a") {
          state = "text"
          return ""
        }
        if (character === "\u001b") state = "string escape"
        else if (held.length <= longestString) held += character
        return ""
      case "string escape": {
        const shown = endString()
        if (character === "\\") return shown
        state = "escape"
        return shown + take(character)
      }
    }
  }
  return (piece) => {
    let out = ""
    for (const character of piece) out += take(character)
    return out
  }
}

const isOfPicture = (sequence: string): boolean =>
  /^\?25[hl]$/.test(sequence) || (pictureCommands.test(sequence) && !largeNumber.test(sequence))

/** The bell, and the two that change the character set. */
const unheard = "\u0007\u000e\u000f"

const inText = (character: string): string => ("\b\t\n\r".includes(character) ? character : pictureOf(character))

const showString = (text: string): string => {
  const clipped = text.length > longestString ? `${text.slice(0, longestString)}…` : text
  return [...clipped].map(pictureOf).join("")
}

/** Returns a recording whose drawings are harmless, from the start to the last frame. */
export const harmlessRecording = <
  A extends { readonly start: string; readonly frames: ReadonlyArray<{ readonly key: string; readonly drawn: string }> }
>(recording: A): A => {
  const harmless = harmlessDrawing()
  const start = harmless(recording.start)
  return { ...recording, start, frames: recording.frames.map((frame) => ({ ...frame, drawn: harmless(frame.drawn) })) }
}
