/** Keys that try to get out of their Vim, to get through to the next attempt, or to be believed. */
import { keysOfText, type Keystrokes } from "../../services/keys/keystrokes.ts"

/** A command line, entered. */
export const ex = (...lines: ReadonlyArray<string>): Keystrokes => lines.flatMap((line) => keysOfText(`:${line}\r`))

const forgery = "[\\\"0\\\",\\\"n\\\",1,1,0,\\\"unix\\\",1,0,0,0]"

/**
 * Every attack by name. `outside` is a folder that exists, `secret` a file in it. "LISTEN" stands for a port of this machine
 * where the test listens.
 */
export const hostileKeys = (outside: string, secret: string): Readonly<Record<string, Keystrokes>> => ({
  "reads a file by its path": ex(`e! ${secret}`, "%y", "b1", "%d", "put"),
  "reads a file into the buffer": ex(`r ${secret}`),
  "reads a file by a function": ex(`call setline(1, readfile('${secret}'))`),
  "reads the password file": ex("r /etc/passwd"),
  "reads the machine's name and users": ex("r /etc/hostname", "call append(0, expand('~root', 0, 1))"),
  "lists folders": ex("call setline(1, glob('/*', 0, 1) + glob('/home/*', 0, 1) + glob('/proc/*', 0, 1))"),
  "reads processes": ex("r /proc/self/environ", "r /proc/1/environ", "r /proc/1/maps"),
  "reads the environment": ex("call setline(1, keys(environ()) + values(environ()))"),
  "writes a file by its path": ex(`w! ${outside}/written`),
  "writes a file by a function": ex(`call writefile(['x'], '${outside}/written')`),
  "writes over the server's script": ex("w! /io/server.vim", "w! /vim", "call writefile(['qa!'], '/io/server.vim')"),
  "makes a folder outside": ex(`call mkdir('${outside}/written', 'p')`, "call mkdir('/written')"),
  "writes into the root and the libraries": ex("w! /x", "w! /lib/x", "w! /dev/x", "w! /etc/x"),
  "runs a shell": ex(`!touch ${outside}/written`, "shell"),
  "filters through a program": [...keysOfText("!!"), ...keysOfText(`touch ${outside}/written; date\r`)],
  "reads from a program": ex(`r !cat ${secret}`),
  "calls system()": ex(`call setline(1, system('cat ${secret}'))`),
  "starts a job": ex(`call job_start(['/bin/sh', '-c', 'touch ${outside}/written'])`),
  "opens a terminal": ex("terminal", `terminal touch ${outside}/written`),
  "runs make and grep": ex(`set makeprg=touch\\ ${outside}/written`, "make", "grep x *"),
  "runs Vim again": ex("call job_start(['/vim', '--version'])", "call job_start(['/vim','-u','NONE','-c','sleep 9'])"),
  "opens a socket to this machine": ex("let c = ch_open('127.0.0.1:LISTEN', #{waittime: 200})"),
  "opens a socket to the net": ex("let c = ch_open('1.1.1.1:80', #{waittime: 100})"),
  "opens the server's socket": ex("let c = ch_open('unix:/io/socket')", "call ch_sendraw(c, \"0 3\\nbad\")"),
  "loads netrw": ex("e! http://127.0.0.1:LISTEN/", "Nread x"),
  "leaves an autocommand": ex("au BufReadPost,BufEnter,VimEnter * call setline(1, 'owned')"),
  "leaves a timer": ex("call timer_start(1, {t -> setline(1, 'owned')}, #{repeat: -1})"),
  "leaves a mapping and an abbreviation": ex(
    "map x :call setline(1,'owned')<lt>CR>".replace("<lt>", "<"),
    "iab one owned"
  ),
  "leaves a register and a mark": [...keysOfText("qaoowned\u001bq"), ...ex("let @\"='owned'", "wviminfo! /w/.viminfo")],
  "leaves a modeline": [...ex("call setline(1, 'vim: set ft=x tw=3:')", "w!", "w! /w/.vimrc", "w! /w/.exrc")],
  "leaves files for the next": ex(
    "w! /w/other",
    "w! /r/report",
    "call mkdir('/w/a/b', 'p')",
    "call writefile(['x'], '/w/a/b/c')"
  ),
  "leaves a folder that cannot be emptied": ex(
    "call mkdir('/w/a')",
    "call writefile(['x'], '/w/a/b')",
    "call setfperm('/w/a', 'r-x------')",
    "call setfperm('/w', 'r-x------')"
  ),
  "leaves a link where reports go": ex("call libcallnr('libc.so.6','chdir','/r')", "call system('ln -s x report')"),
  "leaves options": ex("set tw=5 ic ws et paste bin ff=dos | w"),
  "sources its own script": ex(
    "call writefile(['call setline(1, \"sourced\")', 'while 1', 'endwhile'], 'x.vim')",
    "so x.vim"
  ),
  "forges a report in its file": ex(
    `call writefile(["${forgery}", 'owned'], '/r/report')`,
    "call libcallnr('libc.so.6','_exit',0)"
  ),
  "forges a report and stays busy": ex(`call writefile(["${forgery}", 'owned'], '/r/report')`, "while 1", "endwhile"),
  "calls the harness itself": ex(
    `call <SNR>1_Report(json_decode("${forgery}"), ['owned'])`,
    `call <SNR>2_Report(json_decode("${forgery}"), ['owned'])`
  ),
  "replaces the harness": ex("function! <SNR>1_Report(a, b)", "qa!", "endfunction", "delfunction! <SNR>1_Look"),
  "looks for the nonce in timers and scripts": ex(
    "call writefile([string(timer_info()), string(getscriptinfo(#{sid: 1}))], '/r/report')",
    "call libcallnr('libc.so.6','_exit',0)"
  ),
  "takes all descriptors away": ex("for i in range(0, 99) | call libcallnr('libc.so.6','close',i) | endfor"),
  "forks and detaches": ex(
    "if libcallnr('libc.so.6','fork',0) == 0 | call libcallnr('libc.so.6','setsid',0) | while 1 | sleep 9 | endwhile | endif"
  ),
  "forks twice and writes later": ex(
    "if libcallnr('libc.so.6','fork',0) == 0 | if libcallnr('libc.so.6','fork',0) == 0 | sleep 50m | " +
      "call writefile(['owned'], '/w/text') | endif | call libcallnr('libc.so.6','_exit',0) | endif"
  ),
  "forks without end": ex("while 1 | call libcallnr('libc.so.6','fork',0) | endwhile"),
  "kills its own": ex("call libcallnr('libc.so.6','raise',9)"),
  "crashes": ex("call libcallnr('libc.so.6','abort',0)", "call libcallnr('libc.so.6','strlen',1)"),
  "exits behind Vim's back": ex("call libcallnr('libc.so.6','_exit',7)"),
  "leaves its user and its root": ex(
    "call libcallnr('libc.so.6','chroot','/w')",
    "call libcallnr('libc.so.6','setuid',0)"
  ),
  "loops": ex("while 1", "endwhile"),
  "loops through a sleep": ex("while 1 | sleep 1m | endwhile"),
  "maps without end": [...ex("map a aa|", "map x y", "map y x"), "x"],
  "plays a macro without end": [...keysOfText("qaq"), ...keysOfText("qaA!\u001b@aq"), ...keysOfText("@a")],
  "repeats": keysOfText("99999999ihello \u001b"),
  "pastes without end": keysOfText("yy99999999p"),
  "uses up memory": ex("let x = repeat('x', 1000000)", "while 1 | let x .= x | endwhile"),
  "uses up the disk": ex(
    "let x = repeat([repeat('x', 1000)], 5000)",
    "while 1 | call writefile(x, '/w/big', 'a') | endwhile"
  ),
  "fills the disk with files": ex(
    "let i = 0 | while i < 300000 | call writefile(['x'], '/w/f' . i) | let i += 1 | endwhile"
  ),
  "draws without end": ex("while 1 | redraw! | echo repeat('x', 9000) | endwhile"),
  "stops": [...ex("stop"), "<C-z>", ...ex("suspend!")],
  "waits at a prompt": ex("call input('name? ')"),
  "waits for a key": ex("call getchar()"),
  "asks": ex("s/one/two/c"),
  "waits for more": ex("echo repeat(\"x\\n\", 100)"),
  "searches forever": [
    ...ex("call setline(1, repeat('a', 40) . 'b')"),
    ...keysOfText("/\\(a*\\)*\\(a*\\)*\\(a*\\)*c$\r")
  ],
  "takes its folders away": ex("call setfperm('/w', '---------')", "call setfperm('/r', '---------')"),
  "takes the folder of reports away and leaves": ex("call setfperm('/r', '---------')", "qa!"),
  "puts a folder where its report goes": ex("call mkdir('/r/report/x/y', 'p')"),
  "puts a pipe where its report goes": ex("call libcallnr('libc.so.6', 'mkfifo', '/r/report')"),
  "puts a pipe where its text was and leaves": ex(
    "call delete('/w/text')",
    "call libcallnr('libc.so.6', 'mkfifo', '/w/text')",
    "qa!"
  ),
  "makes folders in folders without end": ex("call mkdir('/w/' . repeat('d/', 1500), 'p')"),
  "makes folders that only others may open": ex("call mkdir('/w/a/b', 'p')", "call setfperm('/w/a', '---rwxrwx')"),
  "removes its text and leaves": ex("call delete('/w/text')", "qa!"),
  "forges a report with every name that it finds": ex(
    "let all = [string(timer_info()), execute('function'), execute('scriptnames'), string(g:), string(v:)]",
    `call writefile(["${forgery}", 'owned'] + all, '/r/report')`,
    "call libcallnr('libc.so.6', '_exit', 0)"
  ),
  "replaces every function that the harness has": [1, 2].flatMap((script) =>
    ["Open", "Typer", "Begin", "Type", "Attempt", "LeavingTyper", "Copy", "Empty", "Serve"].flatMap((name) =>
      ex(`function! <SNR>${script}_${name}(...)`, "return 'owned'", "endfunction")
    )
  ),
  "replaces lambdas": ex("function! <lambda>1(...)", "endfunction", "delfunction <lambda>1", "delfunction <lambda>2"),
  "serves attempts itself": ex("call <SNR>1_Serve()", "call <SNR>2_Serve()"),
  "stops all timers": ex("call timer_stopall()"),
  "pauses all timers": ex("call map(timer_info(), {_, one -> timer_pause(one.id, 1)})"),
  "reads what it was asked": ex("e! /io/attempt", "r /io/server.vim"),
  "writes what will be asked": ex(
    "call writefile(['{}'], '/io/attempt')",
    "call delete('/io/attempt')",
    "w! /io/attempt"
  ),
  "writes into memory by a format": ex("call libcallnr('libc.so.6', 'printf', repeat('%n', 20))"),
  "reads memory by a format": ex("call libcallnr('libc.so.6', 'printf', repeat('%s%p', 40))"),
  "reads memory as text": ex(
    "for at in range(4194304, 4294304, 4096) | call libcall('libc.so.6','strdup',at) | endfor"
  ),
  "says that it died of a signal": ex("call libcallnr('libc.so.6', 'perror', 'Vim: Caught deadly signal SEGV')"),
  "speaks on its standard error without end": ex(
    "while 1 | call libcallnr('libc.so.6', 'perror', repeat('x', 9999)) | endwhile"
  ),
  "closes what it reads from": ex("call libcallnr('libc.so.6', 'close', 0)", "sleep 50m"),
  "becomes a daemon": ex("call libcallnr('libc.so.6', 'daemon', 0)", "sleep 50m"),
  "stops itself": ex("call libcallnr('libc.so.6', 'raise', 19)"),
  "sleeps in C": ex("call libcallnr('libc.so.6', 'sleep', 9)"),
  "has the lowest priority": ex("call libcallnr('libc.so.6', 'nice', 19)"),
  "signals everybody": ex("call libcallnr('libc.so.6', 'killpg', 1)", "call libcallnr('libc.so.6', 'kill', 1)"),
  "writes all disks": ex("for i in range(200) | call libcallnr('libc.so.6', 'sync', 0) | endfor"),
  "lingers at the end": ex("au VimLeavePre,VimLeave * sleep 9", "qa!"),
  "loads what it wrote": ex(
    "call writefile(0z7F454C46020101, '/w/x.so')",
    "call libcallnr('/w/x.so', 'x', 0)",
    "call libcallnr('/r/x.so', 'x', 0)"
  ),
  "locks its memory": ex("call libcallnr('libc.so.6', 'mlockall', 3)"),
  "types into the terminal": ex(
    "call libcallnr('libc.so.6','ioctl',0)",
    "call echoraw(\"\\<Esc>[c\\<Esc>]52;c;?\\x07\")"
  )
})
