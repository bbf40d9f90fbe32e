" What VimGolf's vimrc changes of what keys do (https://github.com/igrigorik/vimgolf, lib/vimgolf/lib/vimgolf/vimgolf.vimrc).
" What only changes the drawing ("hlsearch", "showmatch", "ruler") and the indentation by type of file are left out.

set backspace=indent,eol,start scrolloff=3 autoindent nobackup number incsearch ignorecase smartcase
" VimGolf starts Vim with "+0", which leads to the first character, blank or not.
function s:PlaceCursor() abort
  call cursor(1, 1)
endfunction
