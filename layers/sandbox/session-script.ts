/** A Vim of one attempt, which says its report on the terminal; nobody else is there to hear it. */
import { attemptScript } from "./attempt-script.ts"
import { sayScript } from "./vim-session.ts"

/** JSON as a literal of Vim script. */
export const literal = (json: string): string => `'${json.replaceAll("'", "''")}'`

export const reportScript = `
function s:Report(head, lines) abort
  call s:Say(json_encode([json_encode(a:head), a:lines]))
endfunction
`

/** Returns the script that opens a file and types an attempt into it. */
export const sessionScript = (path: string, attempt: string): string =>
  `${attemptScript}${sayScript}${reportScript}
call s:Open(${literal(path)})
call s:Type(json_decode(${literal(attempt)}))
`
