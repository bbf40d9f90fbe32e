" A Vim of one attempt, behind attempt.vim and say.vim: it says its report on the terminal, where nobody else hears it.

let s:attempt = json_decode({{attempt}})
call s:Open({{path}}, s:attempt.lines)
call s:Type(s:attempt, s:Typer(funcref('s:Report')))
