" The fork server, behind attempt.vim. It never opens a text or takes a key itself: for each attempt it forks, and the
" child does. The child closes the connection before it sees a key, so it can neither read what comes next nor answer;
" its report goes through a file, which the server passes on once no process of the attempt is left. As the first
" process of its namespace the server inherits every orphan, so when it has no child left, there is no other process.
"
" Where system calls are filtered, Vim's timeouts are no-ops (see seccomp.ts): drawing once here saves each child from
" starting a thread for them.

let s:libc = $RETRACE_LIBC
let s:work = {{work}}
let s:reports = {{reports}}
let s:text = s:work . '/text'
let s:report = s:reports . '/report'

function s:Report(head, lines) abort
  call writefile([json_encode(a:head)] + a:lines, s:report, 'bs')
  call libcallnr(s:libc, '_exit', 0)
endfunction

function s:Empty(folder) abort
  for name in readdir(a:folder)
    call delete(a:folder . '/' . name, 'rf')
  endfor
  return empty(readdir(a:folder))
endfunction

function s:Serve() abort
  let connection = ch_open('unix:/io/socket', #{mode: 'nl'})
  if $RETRACE_FILTERED ==# '1'
    redraw
  endif
  while 1
    let request = ch_read(connection, #{timeout: 2000000000})
    if request ==# ''
      noautocmd qall!
    endif
    let attempt = json_decode(request)
    call writefile(attempt.lines, s:text, 'bs')
    if libcallnr(s:libc, 'fork', 0) == 0
      call libcallnr(s:libc, 'setsid', 0)
      call ch_close(connection)
      call s:Open(s:text)
      return s:Type(attempt)
    endif
    while libcallnr(s:libc, 'wait', 0) > 0
    endwhile
    let report = filereadable(s:report) ? readblob(s:report) : 0z
    let text = empty(report) && filereadable(s:text) ? readblob(s:text) : 0z
    if !s:Empty(s:work) || !s:Empty(s:reports)
      noautocmd qall!
    endif
    call ch_sendraw(connection, len(report) . ' ' . len(text) . "\n")
    if !empty(report) || !empty(text)
      call ch_sendraw(connection, empty(report) ? text : report)
    endif
  endwhile
endfunction

call s:Serve()
