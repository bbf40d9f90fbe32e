/**
 * A recording: an attempt typed key by key into a Vim that draws. A key is typed when Vim waits, and what Vim draws until
 * it waits again belongs to that key, so time plays no part and the same input gives the same bytes.
 */
import type { Ending } from "../../services/keys/outcome.ts"
import type { Attempt, Recording } from "../../services/Sandbox.ts"
import { attemptScript } from "./attempt-script.ts"
import { literal, reportScript } from "./session-script.ts"
import { readSaidReport, sayScript, type Session } from "./vim-session.ts"

/**
 * Returns the script: it says the number of each key before it types it, then the screen as Vim has it ("{…}"), then the
 * report ("[…]"). `prepare` is what puts the text where `path` says. A Vim that is about to leave reports what the file
 * holds, and goes on.
 */
export const recordScript = (path: string, prepare: string, attempt: string): string =>
  `${attemptScript}${sayScript}${reportScript}
set t_RV= t_u7= t_RF= t_RB= t_RC= t_RS= t_SH= showmode
let s:attempt = json_decode(${literal(attempt)})
let s:next = 0

function s:Leave() abort
  let text = fnamemodify(${literal(path)}, ':p')
  call s:Report([s:attempt.nonce, 'left', 0, 0, 0, 'file', 0, 0, 0], filereadable(text) ? readfile(text, 'b') : [])
endfunction

function s:Screen() abort
  return map(range(1, &lines), {_, row -> join(map(range(1, &columns), {_, column -> screenstring(row, column)}), '')})
endfunction

function s:Tick(buffer) abort
  let attempt = s:attempt
  if s:IsBusy(attempt.patient)
    call timer_start(2, {timer -> s:Tick(a:buffer)})
    return
  endif
  if s:next < len(attempt.keys)
    let key = attempt.keys[s:next]
    call s:Say(s:next)
    let s:next += 1
    call timer_start(1, {timer -> s:Tick(a:buffer)})
    call feedkeys(key[0] ==# 'k' ? eval('"\\' . key[1:] . '"') : key[1:], 't')
    return
  endif
  call s:Say(json_encode(#{screen: s:Screen()}))
  call s:Look(a:buffer, attempt.nonce, 0)
endfunction

autocmd VimLeavePre * call s:Leave()
${prepare}
call s:Open(${literal(path)})
call timer_start(1, {timer -> s:Tick(bufnr(''))})
`

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
