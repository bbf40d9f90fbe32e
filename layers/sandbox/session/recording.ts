/**
 * A recording: an attempt is typed key by key into a Vim that draws. A key is typed when Vim waits, and what Vim draws
 * before it waits again belongs to that key. Time plays no part in this, so equal input gives equal bytes.
 */
import type { Ending } from "../../../services/keys/outcome.ts"
import type { Attempt, Recording } from "../../../services/Sandbox.ts"
import { endingOf, readSaid } from "./said.ts"
import type { VimSession } from "./vim-session.ts"

/** Vim hides the cursor around each timer and shows it again; how often it does depends on the time that a key took. */
const blink = "\u001b[?25l\u001b[?25h"

/**
 * Whether nothing follows, because Vim reports and waits. A parting report is followed by what Vim draws as it leaves.
 */
export const isLastSaid = (text: string): boolean => {
  const said = readSaid(text)
  return said._tag === "report" && said.isLast
}

/** How often the script of a recording speaks: once for each key, with the screen, and with a report or two. */
export const mostSaid = ({ keys }: Attempt): number => keys.length + 4

/** Returns the recording that a session gave. */
export const sessionRecording = (attempt: Attempt, session: VimSession, nonce: string): Recording => {
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
