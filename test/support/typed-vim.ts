/**
 * A brand-new Vim with nothing around it, typed into through a pseudo-terminal as a person would: what the sandbox is
 * held against. Shares no code with it. Rest is seen from outside (the process sleeps and uses no time), and the state is
 * asked for over a channel, which Vim answers wherever it waits.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

export interface TypedEnd {
  readonly hasLeft: boolean
  readonly text: string
  /** "" when Vim has left. */
  readonly mode: string
}

/** Control-C, Control-N and Control-P. */
const awaited = new RegExp(`([${["\u0003", "\u000e", "\u0010"].join("")}])`)

const sleep = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))

/** State letter and used CPU ticks of a process; undefined once it has gone. */
const statusOf = (pid: number): string | undefined => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.split(" ") ?? []
    const switches = /voluntary_ctxt_switches:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? ""
    return fields[0] === "Z" ? undefined : `${fields[0]} ${fields[11]} ${fields[12]} ${switches}`
  } catch {
    return undefined
  }
}

/** Waits until the process has slept through `millis`, or has gone. */
const untilAtRest = async (pid: number, millis: number): Promise<void> => {
  let before = statusOf(pid)
  for (;;) {
    await sleep(millis)
    const now = statusOf(pid)
    if (now === undefined || (now.startsWith("S") && now === before)) return
    before = now
  }
}

/** Waits until the process has done something since its status was `before`, or has gone. */
const untilWoken = async (pid: number, before: string | undefined): Promise<void> => {
  for (;;) {
    const now = statusOf(pid)
    if (now === undefined || now !== before) return
    await sleep(1)
  }
}

const settings =
  "set encoding=utf-8 notimeout nottimeout noesckeys ttymouse= <NetMouse>= <DecMouse>= redrawtime=0 mouse="

const probe = (socket: string) => `
function Probe()
  let buffer = bufnr('text')
  let lines = bufloaded(buffer) ? getbufline(buffer, 1, '$') : []
  let isEmpty = lines ==# [''] && bufnr('') == buffer && wordcount().bytes == 0
  let settings = [getbufvar(buffer, '&ff'), getbufvar(buffer, '&eol'), getbufvar(buffer, '&bomb')]
  return [mode(1), bufloaded(buffer), isEmpty, settings, lines]
endfunction
for code in range(230, 251)
  execute 'silent! set t_' . eval(printf('"\\x%x"', code)) . 'X='
endfor
let g:channel = ch_open('unix:${socket}', #{mode: 'json'})
`

/** How a Vim is started that has the options of this name: with its own files, none of which is ours. */
const starts = { defaults: "--clean", none: "-u NONE -N" } as const

/** Types the characters into a fresh Vim that has `source` open; a Vim that is busy for ten seconds is killed. */
export const typeIntoVim = async (
  source: string,
  characters: string,
  options: keyof typeof starts
): Promise<TypedEnd> => {
  const folder = mkdtempSync(join(tmpdir(), "retrace-typed-"))
  const file = join(folder, "text")
  writeFileSync(file, source)
  writeFileSync(join(folder, "probe.vim"), probe(join(folder, "socket")))
  const connected = new Promise<Socket>((resolve) => {
    const listener = createServer((socket) => {
      listener.close()
      socket.on("error", () => undefined)
      resolve(socket)
    }).listen(join(folder, "socket"))
  })
  // Loaded when it is used: a platform may lack it.
  const { spawn } = await import("node-pty")
  const probing = ["--cmd", `source ${join(folder, "probe.vim")}`]
  // A file of options comes between the two.
  const set = ["--cmd", settings, "--cmd", `autocmd VimEnter * ++once ${settings}`]
  const vim = spawn("vim", [...`${starts[options]} -i NONE -n --not-a-term`.split(" "), ...probing, ...set, "text"], {
    cols: 80,
    rows: 24,
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", TERM: "dumb", LANG: "C.UTF-8", HOME: folder }
  })
  let hasLeft = false
  const drawn = new Promise<void>((resolve) => vim.onData(() => resolve()))
  const gone = new Promise<undefined>((resolve) =>
    vim.onExit(() => {
      hasLeft = true
      resolve(undefined)
    })
  )
  const giveUp = setTimeout(() => vim.kill("SIGKILL"), 10_000)
  try {
    const socket = await connected
    await Promise.race([drawn, gone])
    await untilAtRest(vim.pid, 3)
    // Control-C throws away what was typed but not read yet, and keys that come while Vim looks for completions end the
    // look: a person waits for what went before, and sees what a completion gave.
    for (const piece of characters.split(awaited)) {
      if (piece === "" || hasLeft) continue
      const before = statusOf(vim.pid)
      vim.write(piece)
      // On a busy machine the keys come later than they were sent.
      await untilWoken(vim.pid, before)
      await untilAtRest(vim.pid, 12)
    }
    const answered = new Promise<string>((resolve) => {
      let answer = ""
      socket.on("data", (data) => {
        answer += data
        if (answer.endsWith("\n")) resolve(answer)
      })
    })
    if (!hasLeft) socket.write("[\"expr\",\"Probe()\",-1]\n")
    const answer = await Promise.race([answered, gone])
    const fileText = () => (existsSync(file) ? readFileSync(file, "utf8") : "")
    if (answer === undefined) return { hasLeft: true, mode: "", text: fileText() }
    const [, [mode, isLoaded, isEmpty, [format, hasEnd, hasMark], lines]] = JSON.parse(answer)
    if (isLoaded === 0) return { hasLeft: false, mode, text: fileText() }
    const end = format === "dos" ? "\r\n" : format === "mac" ? "\r" : "\n"
    const body = lines.map((line: string) => line.replaceAll("\n", "\0")).join(end)
    return { hasLeft: false, mode, text: (hasMark ? "\ufeff" : "") + (isEmpty ? "" : body + (hasEnd ? end : "")) }
  } finally {
    clearTimeout(giveUp)
    if (!hasLeft) vim.kill("SIGKILL")
    rmSync(folder, { recursive: true, force: true })
  }
}
