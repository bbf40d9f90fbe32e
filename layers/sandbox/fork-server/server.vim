" The fork server, behind attempt.vim. It never opens a text, takes a key or sees a result: for each attempt it forks,
" and the child reads the attempt, types it, and writes its report, which is read from outside. So nothing of one attempt
" is ever in the memory of another. The child closes the connection of the server before it reads the attempt.
"
" As the first process of its namespace the server inherits every orphan, so when it has no child left (ECHILD), there
" is no other process. Where anything is not as it was before the attempt, it ends, and another server takes its place.
"
" Where system calls are filtered, Vim's timeouts are no-ops (see seccomp.ts): drawing once here saves each child from
" starting a thread for them.

let s:libc = $RETRACE_LIBC
let s:work = {{work}}
let s:text = s:work . '/text'
let s:draft = s:work . '/.text'
let s:request = {{request}}
let s:reports = {{reports}}
let s:report = s:reports . '/report'

" Opens the text of the attempt and types its keys. Leaves at once, without a text, when the text cannot be written.
function s:Attempt(nonce, typer) abort
  let lines = readfile(s:request, 'b')
  let attempt = json_decode(remove(lines, 0))
  let attempt.nonce = a:nonce
  let isWritten = writefile(lines, s:draft, 'bS') == 0 && getfsize(s:draft) == attempt.bytes
  if !isWritten || rename(s:draft, s:text) != 0
    call libcallnr(s:libc, '_exit', 0)
  endif
  call s:Open(s:text, lines)
  call s:Type(attempt, a:typer)
endfunction

" Returns what types attempts and leaves with a report.
function s:LeavingTyper() abort
  let [libc, report] = [s:libc, s:report]
  let Leave = {_ -> libcallnr(libc, '_exit', 0)}
  return s:Typer({head, lines -> Leave(writefile([json_encode(head)] + lines, report, 'bS'))})
endfunction

" Copies the file that an attempt edited to where reports are looked for.
function s:Copy(nonce) abort
  if getftype(s:text) ==# 'file' && filereadable(s:text)
    call writefile([a:nonce] + readfile(s:text, 'b'), s:report, 'bS')
  endif
  call libcallnr(s:libc, '_exit', 0)
endfunction

" Removes the one file that is usually in a folder, and all others where there are any.
function s:Empty(folder, file) abort
  call delete(a:file)
  let names = readdir(a:folder)
  for name in names
    call delete(a:folder . '/' . name, 'rf')
  endfor
  return (empty(names) || empty(readdir(a:folder))) && getfperm(a:folder) ==# 'rwx------'
endfunction

" Takes "go <nonce>", for the attempt that lies in its file, or "text <nonce>", for the file that the last one left; one a
" line. Says "done" when no process of it is left.
function s:Serve() abort
  let connection = ch_open('unix:' . {{socket}}, #{mode: 'nl'})
  let typer = s:LeavingTyper()
  if $RETRACE_FILTERED ==# '1'
    redraw
  endif
  while 1
    let request = split(ch_read(connection, #{timeout: 2000000000}))
    if empty(request) || (request[0] ==# 'go' && !(s:Empty(s:work, s:text) && s:Empty(s:reports, s:report)))
      call libcallnr(s:libc, '_exit', 0)
    endif
    let child = libcallnr(s:libc, 'fork', 0)
    if child == 0
      call libcallnr(s:libc, 'setsid', 0)
      call ch_close(connection)
      return request[0] ==# 'go' ? s:Attempt(request[1], typer) : s:Copy(request[1])
    endif
    if child < 0
      call libcallnr(s:libc, '_exit', 0)
    endif
    " A wait that was broken off says nothing: only "no child" does, which is 10 in errno.
    while libcallnr(s:libc, 'wait', 0) > 0 || libcall(s:libc, '__errno_location', 0) !=# "\n"
    endwhile
    call ch_sendraw(connection, "done\n")
  endwhile
endfunction

call s:Serve()
