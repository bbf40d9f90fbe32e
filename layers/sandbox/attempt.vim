" What a Vim runs around one attempt: it opens the text, hands over the keys as typed ones, and reports when Vim next
" waits for a key. A timer tells: Vim runs timers only where it waits, which it also does at prompts and in the middle
" of commands. While `:sleep` naps it runs them as well, which attempts marked as patient look out for.
"
" A report is a head (see report.ts) and the lines of the buffer. It holds the nonce of its attempt, so that nothing
" that an attempt leaves behind can speak for a later one; the target of an attempt is never in here. The script that
" follows this one defines `s:Report(head, lines)`, which does not return.

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

function s:Type(attempt) abort
  let buffer = bufnr('')
  let nonce = a:attempt.nonce
  let isPatient = a:attempt.patient
  let keys = a:attempt.keys
  if type(keys) == v:t_list
    let keys = join(map(keys, {_, part -> part[0] ==# 'k' ? eval('"\' . part[1:] . '"') : part[1:]}), '')
  endif
  call feedkeys(keys, 't')
  call timer_start(0, {timer -> s:Look(buffer, nonce, isPatient)})
endfunction

function s:IsBusy(isPatient) abort
  return state('m') !=# '' || (a:isPatient && mode(1) ==# 'n' && state('S') !=# '')
endfunction

function s:Look(buffer, nonce, isPatient) abort
  if s:IsBusy(a:isPatient)
    call timer_start(2, {timer -> s:Look(a:buffer, a:nonce, a:isPatient)})
    return
  endif
  noautocmd set eventignore=all
  let head = [a:nonce, mode(1), line('.'), col('.'), v:errmsg =~# '^E\%(41\|342\):']
  if bufloaded(a:buffer)
    let lines = getbufline(a:buffer, 1, '$')
    " One empty line or none at all: only the count of bytes tells them apart.
    let isEmpty = lines ==# [''] && bufnr('') == a:buffer && wordcount().bytes == 0
    let head += [getbufvar(a:buffer, '&fileformat'), getbufvar(a:buffer, '&endofline'), getbufvar(a:buffer, '&bomb')]
    call s:Report(head + [isEmpty], lines)
  else
    let file = fnamemodify(bufname(a:buffer), ':p')
    call s:Report(head + ['file', 0, 0, 0], filereadable(file) ? readfile(file, 'b') : [])
  endif
endfunction
