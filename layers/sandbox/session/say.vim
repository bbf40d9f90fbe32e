" How a Vim behind a terminal reports: by an operating system command that no terminal knows (see vim-session.ts). The
" text must not hold control characters, and JSON never does.

function s:Say(text) abort
  call echoraw("\<Esc>]5522;" . a:text . "\x07")
endfunction

function s:Report(head, lines) abort
  call s:Say(json_encode([json_encode(a:head), a:lines]))
endfunction
