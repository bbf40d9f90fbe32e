" What a Vim runs around one attempt: it opens the text, hands over the keys as typed ones, and reports when Vim next
" waits for a key. A timer tells: Vim runs timers only where it waits, which it also does at prompts and in the middle
" of commands. While `:sleep` naps it runs them as well, which attempts marked as patient look out for.
"
" A report is a head (see report.ts) and the lines of the buffer. It holds the nonce of its attempt; the target of an
" attempt is never in here. What runs once the keys have been typed is one lambda, with all that it needs in its
" closure: unlike functions and variables of a script, it has no name by which the keys could read or replace it.

set encoding=utf-8 notimeout nottimeout noesckeys ttymouse= <NetMouse>= <DecMouse>= redrawtime=0
" Even a dumb terminal may have a mouse, whose codes start with <Esc>: Vim would wait for the rest of one.
for code in range(230, 251)
  execute 'silent! set t_' . eval(printf('"\x%x"', code)) . 'X='
endfor
" After an error Vim waits a second before it shows the mode in its place.
set noshowmode

function s:Open(path) abort
  " As in a Vim that starts with the file: there is no other file, and the last two jumps led to the first line.
  execute 'silent keepalt keepjumps edit!' fnameescape(a:path)
  clearjumps
  call setpos("''", [0, 1, 1, 0])
  call search('\%#', 'cs')
endfunction

" Returns what a timer asks again and again: whether Vim takes more keys by itself, or waits for some.
function s:BusyTest(isPatient) abort
  return {-> state('m') !=# '' || (a:isPatient && mode(1) ==# 'n' && state('S') !=# '')}
endfunction

" Returns what reports the open buffer, or the file where the buffer is gone, through `Report(head, lines)`.
function s:Reporter(nonce, Report) abort
  let [buffer, nonce, Report] = [bufnr(''), a:nonce, a:Report]
  let Start = {-> [nonce, mode(1), line('.'), col('.'), v:errmsg =~# '^E\%(41\|342\):']}
  " One empty line or none at all: only the count of bytes tells them apart.
  let IsEmpty = {lines -> lines ==# [''] && bufnr('') == buffer && wordcount().bytes == 0}
  let Format = {-> [getbufvar(buffer, '&fileformat'), getbufvar(buffer, '&endofline'), getbufvar(buffer, '&bomb')]}
  let Buffer = {lines -> Report(Start() + Format() + [IsEmpty(lines)], lines)}
  let File = {path -> Report(Start() + ['file', 0, 0, 0], filereadable(path) ? readfile(path, 'b') : [])}
  return {-> bufloaded(buffer) ? Buffer(getbufline(buffer, 1, '$')) : File(fnamemodify(bufname(buffer), ':p'))}
endfunction

function s:Type(attempt, Report) abort
  let Finish = s:Reporter(a:attempt.nonce, a:Report)
  let IsBusy = s:BusyTest(a:attempt.patient)
  let keys = a:attempt.keys
  if type(keys) == v:t_list
    let keys = join(map(keys, {_, part -> part[0] ==# 'k' ? eval('"\' . part[1:] . '"') : part[1:]}), '')
  endif
  let Look = {-> IsBusy() ? 0 : Finish()}
  call feedkeys(keys, 't')
  call timer_start(0, {-> IsBusy() ? timer_start(2, {-> Look()}, #{repeat: -1}) : Finish()})
endfunction
