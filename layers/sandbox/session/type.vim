" A Vim of one attempt, behind attempt.vim and say.vim: it says its report on the terminal, where nobody else hears it.

call s:Open({{path}})
call s:Type(json_decode({{attempt}}), s:Typer(funcref('s:Report')))
