/**
 * A recording: an attempt typed key by key into a Vim that draws. A key is typed when Vim waits, and what Vim draws until
 * it waits again belongs to that key, so time plays no part and the same input gives the same bytes.
 */
import type { Ending } from "../../../services/keys/outcome.ts"
import type { Attempt, Recording } from "../../../services/Sandbox.ts"
import { readSaidReport, type Session } from "./vim-session.ts"

/** Around each timer Vim hides the cursor and shows it again; how often depends on the time that a key took. */
const blink = "\u001b[?25l\u001b[?25h"

const isKeyNumber = /^\d+$/

/** Whether nothing follows: Vim reports and waits. A report that it leaves is followed by what it draws on leaving. */
export const isLastSaid = (said: string): boolean => said.startsWith("[") && !said.includes("\\\"left\\\"")

/** Puts together what the session gave. */
export const recordingOf = (attempt: Attempt, session: Session, nonce: string): Recording => {
  const { drawn, said } = session
  const starts = said.flatMap((words, index) => (isKeyNumber.test(words) ? [index + 1] : []))
  const piece = (from: number, to: number | undefined) => drawn.slice(from, to).join("").replaceAll(blink, "")
  const pieces = starts.map((start, index) => piece(start, starts[index + 1]))
  const lastWords = said.at(-1) ?? ""
  const screen = said.find((words) => words.startsWith("{"))
  const reported = lastWords.startsWith("[") ? readSaidReport(lastWords, nonce) : undefined
  const ending: Ending = reported === undefined
    ? session.ending === "output"
      ? { _tag: "killed", reason: "output" }
      : session.ending === "exit"
      ? { _tag: "crashed", detail: "Vim went without a word" }
      : { _tag: "timed out" }
    : reported._tag === "finished" && reported.mode === "left"
    ? { _tag: "left", text: reported.text }
    : reported
  return {
    outcome: { ...ending, keystrokes: attempt.keys.length, millis: 0 },
    start: piece(0, starts[0]),
    frames: pieces.map((drawn, index) => ({ key: attempt.keys[index] ?? "", drawn })),
    screen: screen === undefined ? null : JSON.parse(screen).screen
  }
}
