" How a Vim behind a terminal reports: in an operating system command that no terminal knows (see vim-session.ts). What
" is said must hold no control character, as JSON never does.

function s:Say(text) abort
  call echoraw("\<Esc>]5522;" . a:text . "\x07")
endfunction

function s:Report(head, lines) abort
  call s:Say(json_encode([json_encode(a:head), a:lines]))
endfunction
