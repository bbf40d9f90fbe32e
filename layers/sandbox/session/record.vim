" An attempt that is recorded, behind attempt.vim and say.vim: it says the number of each key before it types it, then
" the screen as Vim has it ("{…}"), then the report ("[…]"). A Vim that is about to leave reports what the file holds,
" and goes on.

set t_RV= t_u7= t_RF= t_RB= t_RC= t_RS= t_SH= showmode
let s:path = {{path}}
let s:attempt = json_decode({{attempt}})
let s:next = 0
let s:typer = s:Typer({head, lines -> s:Report(head, lines)})

function s:Leave() abort
  let text = fnamemodify(s:path, ':p')
  call s:Report([s:attempt.nonce, 'left', 0, 0, 0, 'file', 0, 0, 0, 0], filereadable(text) ? readfile(text, 'b') : [])
endfunction

function s:Screen() abort
  return map(range(1, &lines), {_, row -> join(map(range(1, &columns), {_, column -> screenstring(row, column)}), '')})
endfunction

function s:Tick(timer) abort
  let attempt = s:attempt
  if s:typer.IsBusy()
    call timer_start(2, funcref('s:Tick'))
    return
  endif
  if s:next < len(attempt.keys)
    let key = attempt.keys[s:next]
    call s:Say(s:next)
    let s:next += 1
    call timer_start(1, funcref('s:Tick'))
    call feedkeys(key[0] ==# 'k' ? eval('"\' . key[1:] . '"') : key[1:], 't')
    return
  endif
  call s:Say(json_encode(#{screen: s:Screen()}))
  call s:typer.Finish()
endfunction

autocmd VimLeavePre * call s:Leave()
" A restricted Vim may not write files by a function: whoever starts one has put the text there.
if !filereadable(s:path)
  call writefile(s:attempt.lines, s:path, 'bs')
endif
call s:Open(s:path, s:attempt.lines)
call s:Begin(s:attempt, s:typer)
call timer_start(1, funcref('s:Tick'))
