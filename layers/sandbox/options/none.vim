" The options of "vim -u NONE -N": nothing is set.

" The cursor stays on the first character that is not blank.
function s:PlaceCursor() abort
endfunction
