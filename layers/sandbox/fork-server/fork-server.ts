/** Starts one fork server and waits until it has connected. */
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { spawn } from "node:child_process"
import attemptScript from "../attempt.vim"
import { type Confinement, filterName, reportFolder, scriptName, workFolder } from "../confinement.ts"
import { systemCallFilter } from "../seccomp.ts"
import { confinedUser, type OpenTerminal, type Terminal } from "../terminal.ts"
import { fillScript } from "../vim-script.ts"
import serverScript from "./server.vim"

/** A server that runs. Attempts are written to its socket, and their reports come back. */
export interface ForkServer {
  readonly socket: Socket
  readonly terminal: Terminal
  /** The last thing that it wrote to its terminal: the words of Vim when it breaks. */
  readonly lastWords: () => string
  /** Ends it and everything it started. */
  readonly stop: () => void
}

const script = fillScript([attemptScript, serverScript], { work: workFolder, reports: reportFolder })

const startMillis = 10_000
const keptWords = 2000

/** Starts a server. Resolves when it has connected; rejects with what it said when it does not connect. */
export const startForkServer = (
  confinement: Confinement,
  openTerminal: OpenTerminal,
  searchPath: string
): Promise<ForkServer> =>
  new Promise((resolve, reject) => {
    const folder = mkdtempSync(join(tmpdir(), "retrace-vim-"))
    if (confinedUser !== undefined) chownSync(folder, confinedUser, confinedUser)
    const filter = systemCallFilter(process.arch)
    writeFileSync(join(folder, scriptName.server), script)
    if (filter !== undefined) writeFileSync(join(folder, filterName), filter)

    let words = ""
    let isOver = false
    let terminal: Terminal | undefined
    const stop = () => {
      const command = confinement.stop?.(folder)
      if (command !== undefined) {
        spawn(command.file, [...command.args], { stdio: "ignore" }).on("error", () => undefined)
      }
      terminal?.kill()
    }
    const clear = () => {
      listener.close()
      clearTimeout(timer)
      rmSync(folder, { recursive: true, force: true })
    }
    const fail = (reason: string) => {
      if (isOver) return
      isOver = true
      clear()
      stop()
      const said = words.trim().replace(/\s+/g, " ")
      reject(new Error(said === "" ? reason : `${reason}: ${said}`))
    }
    // The first to connect is the server, which has not seen any keys yet; nobody else gets in.
    const listener = createServer((socket) => {
      if (isOver || terminal === undefined) {
        socket.destroy()
        return
      }
      isOver = true
      clear()
      socket.on("error", () => undefined)
      resolve({ socket, terminal, lastWords: () => words, stop })
    })
    const timer = setTimeout(() => fail("it did not start in 10 s"), startMillis)
    listener.on("error", (cause) => fail(cause.message))
    listener.listen(join(folder, "socket"), () => {
      chmodSync(join(folder, "socket"), 0o666)
      try {
        terminal = openTerminal(confinement.commandLine(folder, "server"), {
          columns: 80,
          rows: 24,
          env: { PATH: searchPath },
          folder: "/",
          user: confinedUser
        })
      } catch (cause) {
        return fail(String(cause))
      }
      terminal.onData((text) => {
        words = (words + text).slice(-keptWords)
      })
      terminal.onExit(() => fail("it ended at once"))
    })
  })
