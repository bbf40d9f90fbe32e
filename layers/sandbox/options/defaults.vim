" What Vim's defaults.vim changes of what keys do (Vim 9.0 and 9.1; https://github.com/vim/vim, runtime/defaults.vim).
" It is written out because a confined Vim has no runtime files, and so that every version of Vim does the same. What
" only changes the drawing ("ruler", "showcmd", "display", "syntax on"), the mouse, timeouts of terminals, and what types
" of files bring along are left out.

set backspace=indent,eol,start nrformats=bin,hex scrolloff=5 incsearch wildmenu history=200 nolangremap
map Q gq
sunmap Q
inoremap <C-u> <C-g>u<C-u>
" A text that is read again has the cursor where it was.
autocmd BufReadPost * if line("'\"") >= 1 && line("'\"") <= line('$') | execute 'normal! g`"' | endif

" Through that, the cursor of a Vim that starts with a file is on the first character, blank or not.
function s:PlaceCursor() abort
  call cursor(1, 1)
endfunction
