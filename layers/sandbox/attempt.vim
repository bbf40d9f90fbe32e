" What a Vim runs around one attempt: it opens the text, hands over the keys as typed ones, and reports when Vim next
" waits for a key. A timer tells: Vim runs timers only where it waits, which it also does at prompts and in the middle
" of commands. While `:sleep` naps it runs them as well, which attempts marked as patient look out for.
"
" A report is a head (see report.ts) and the lines of the buffer. It holds the nonce of its attempt; the target of an
" attempt is never in here. What runs once the keys have been typed are lambdas, with all that they need in their closure:
" unlike functions and variables of a script, they have no names by which the keys could read or replace them.
" One of the files of options comes behind this one.

set encoding=utf-8 notimeout nottimeout noesckeys ttymouse= <NetMouse>= <DecMouse>= redrawtime=0
" Even a dumb terminal may have a mouse, whose codes start with <Esc>: Vim would wait for the rest of one.
for code in range(230, 251)
  execute 'silent! set t_' . eval(printf('"\x%x"', code)) . 'X='
endfor
" After an error Vim waits a second before it shows the mode in its place.
set noshowmode
" A text says nothing about how it is to be edited, even when keys open it once more.
set nomodeline modelines=0

function s:Open(path, lines) abort
  " A text that begins so is taken for an encrypted one: Vim asks for its key, and without one shows it as it is.
  if stridx(get(a:lines, 0, ''), 'VimCrypt~') == 0
    call feedkeys("\<CR>", 'n')
  endif
  " As in a Vim that starts with the file: there is no other file, and the last two jumps led to the first line.
  execute 'silent keepalt keepjumps edit!' fnameescape(a:path)
  call s:PlaceCursor()
  clearjumps
  call setpos("''", [0, 1, 1, 0])
  call search('\%#', 'cs')
endfunction

" Returns what types attempts and reports the open buffer, or the file where the buffer is gone, through
" `Report(head, lines)`. It is made before an attempt is there, because a lambda takes time to make.
function s:Typer(Report) abort
  let Report = a:Report
  let now = {}
  " Whether Vim takes more keys by itself, or waits for some.
  let IsBusy = {-> state('m') !=# '' || (now.patient && mode(1) ==# 'n' && state('S') !=# '')}
  let Start = {-> [now.nonce, mode(1), line('.'), col('.'), v:errmsg =~# '^E\%(41\|342\):']}
  " One empty line or none at all: only the count of bytes tells them apart.
  let IsEmpty = {lines -> lines ==# [''] && bufnr('') == now.buffer && wordcount().bytes == 0}
  let Option = {name -> getbufvar(now.buffer, name, 0)}
  let Format = {-> [Option('&fileformat'), Option('&endofline'), Option('&bomb'), Option('&endoffile')]}
  let Buffer = {lines -> Report(Start() + Format() + [IsEmpty(lines)], lines)}
  let File = {path -> Report(Start() + ['file', 0, 0, 0, 0], filereadable(path) ? readfile(path, 'b') : [])}
  let Whole = {-> Buffer(getbufline(now.buffer, 1, '$'))}
  let Finish = {-> bufloaded(now.buffer) ? Whole() : File(fnamemodify(bufname(now.buffer), ':p'))}
  let Look = {-> IsBusy() ? 0 : Finish()}
  let First = {-> IsBusy() ? timer_start(2, Look, #{repeat: -1}) : Finish()}
  return #{now: now, IsBusy: IsBusy, Finish: Finish, First: First}
endfunction

" Says which attempt the open buffer is of.
function s:Begin(attempt, typer) abort
  call extend(a:typer.now, #{nonce: a:attempt.nonce, patient: a:attempt.patient, buffer: bufnr('')})
endfunction

function s:Type(attempt, typer) abort
  call s:Begin(a:attempt, a:typer)
  let keys = a:attempt.keys
  if type(keys) == v:t_list
    let keys = join(map(keys, {_, part -> part[0] ==# 'k' ? eval('"\' . part[1:] . '"') : part[1:]}), '')
  endif
  call feedkeys(keys, 't')
  call timer_start(0, a:typer.First)
endfunction
