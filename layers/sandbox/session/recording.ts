/**
 * A recording: an attempt typed key by key into a Vim that draws. A key is typed when Vim waits, and what Vim draws until
 * it waits again belongs to that key, so time plays no part and the same input gives the same bytes.
 */
import type { Ending } from "../../../services/keys/outcome.ts"
import type { Attempt, Recording } from "../../../services/Sandbox.ts"
import { endingOf, readSaid } from "./said.ts"
import type { VimSession } from "./vim-session.ts"

/** Around each timer Vim hides the cursor and shows it again; how often depends on the time that a key took. */
const blink = "\u001b[?25l\u001b[?25h"

/** Whether nothing follows: Vim reports and waits. A report that it leaves is followed by what it draws on leaving. */
export const isLastSaid = (text: string): boolean => {
  const said = readSaid(text)
  return said._tag === "report" && said.isLast
}

/** Puts together what the session gave. */
export const recordingOf = (attempt: Attempt, session: VimSession, nonce: string): Recording => {
  const { drawn } = session
  const said = session.said.map(readSaid)
  const starts = said.flatMap(({ _tag }, index) => (_tag === "key" ? [index + 1] : []))
  const piece = (from: number, to: number | undefined) => drawn.slice(from, to).join("").replaceAll(blink, "")
  const pieces = starts.map((start, index) => piece(start, starts[index + 1]))
  const last = said.at(-1)
  const ending = last?._tag === "report" ? endingOf(last, nonce) : endings[session.ending]
  return {
    outcome: { ...ending, keystrokes: attempt.keys.length, millis: 0 },
    start: piece(0, starts[0]),
    frames: pieces.map((drawn, index) => ({ key: attempt.keys[index] ?? "", drawn })),
    screen: said.find((words) => words._tag === "screen")?.rows ?? null
  }
}

/** How a session without a report ended. */
const endings: Readonly<Record<VimSession["ending"], Ending>> = {
  output: { _tag: "killed", reason: "output" },
  exit: { _tag: "crashed", detail: "Vim went without a word" },
  "timed out": { _tag: "timed out" },
  done: { _tag: "timed out" }
}
