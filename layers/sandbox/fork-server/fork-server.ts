/** One fork server: starts it, hands it attempts one after the other, and takes in what comes of each. */
import { type ChildProcess, spawn } from "node:child_process"
import { chmodSync, writeFileSync } from "node:fs"
import { createServer, type Socket } from "node:net"
import { join } from "node:path"
import attemptScript from "../attempt.vim"
import { type Confinement, filterName, scriptName, shownFolder, workFolder } from "../confinement.ts"
import { makeRoom } from "../room.ts"
import { systemCallFilter } from "../seccomp.ts"
import { confinedUser } from "../terminal.ts"
import { fillScript } from "../vim-script.ts"
import { childrenOf, onlyDescendantOf } from "./processes.ts"
import serverScript from "./server.vim"

/** What a child of the server sent before it was gone. */
export type Sent =
  /** All that it sent over its connection. */
  | { readonly _tag: "sent"; readonly bytes: Buffer }
  /** It never connected. */
  | { readonly _tag: "nothing" }
  /** More than it may. */
  | { readonly _tag: "too much" }

/** A server that runs. It takes one task at a time. */
export interface ForkServer {
  /** Types an attempt, given as a line of JSON; `take` is called when no process of it is left. */
  readonly attempt: (line: string, nonce: string, take: (sent: Sent) => void) => void
  /** Asks for the file that the last attempt left behind. */
  readonly text: (nonce: string, take: (sent: Sent) => void) => void
  /** Whether it has processes besides the one of the attempt, seen from outside. */
  readonly hasStowaways: (isTyping: boolean) => boolean
  /** The last thing that it wrote to standard error: the words of Vim when it breaks. */
  readonly lastWords: () => string
  /** Ends it and everything it started. */
  readonly stop: () => void
}

export interface ForkServerNeeds {
  readonly confinement: Confinement
  /** Where programs are looked for, as in the environment's PATH. */
  readonly searchPath: string
  /** The most that a child may send, in bytes. */
  readonly reportBytes: number
  /** Called once, when the server ends by itself after it has started. */
  readonly onEnd: () => void
}

const attemptName = "attempt"
const socketName = "socket"

const script = fillScript([attemptScript, serverScript], {
  work: workFolder,
  attempt: `${shownFolder}/${attemptName}`,
  socket: `${shownFolder}/${socketName}`
})

const startMillis = 10_000
const keptWords = 2000

/** Starts a server. Resolves when it has connected; rejects with what it said when it does not connect. */
export const startForkServer = (needs: ForkServerNeeds): Promise<ForkServer> =>
  new Promise((resolve, reject) => {
    const { confinement, reportBytes, searchPath } = needs
    const filter = systemCallFilter(process.arch)
    const room = makeRoom({
      [scriptName.server]: script,
      ...(filter === undefined ? {} : { [filterName]: filter })
    })
    let words = ""
    let child: ChildProcess | undefined
    let state: "starting" | "running" | "over" = "starting"

    const stop = () => {
      state = "over"
      clearTimeout(timer)
      listener.close()
      for (const socket of sockets) socket.destroy()
      const command = confinement.stop?.(room)
      if (command !== undefined) {
        spawn(command.file, [...command.args], { stdio: "ignore" }).on("error", () => undefined)
      }
      child?.kill("SIGKILL")
      room.remove()
    }
    const end = (reason: string) => {
      const before = state
      if (before === "over") return
      stop()
      const said = words.trim().replace(/\s+/g, " ")
      if (before === "running") needs.onEnd()
      else reject(new Error(said === "" ? reason : `${reason}: ${said}`))
    }

    const sockets = new Set<Socket>()
    /** What has come for the task at hand, and who waits for it. */
    let task: { readonly take: (sent: Sent) => void; isDone: boolean; reports: Array<Report> } | undefined
    const settle = () => {
      if (task === undefined || !task.isDone || task.reports.some(({ isWhole }) => !isWhole)) return
      const [report] = task.reports
      const { take } = task
      task = undefined
      take(
        report === undefined
          ? { _tag: "nothing" }
          : report.size > reportBytes
          ? { _tag: "too much" }
          : { _tag: "sent", bytes: Buffer.concat(report.pieces) }
      )
    }
    const takeReport = (socket: Socket) => {
      if (task === undefined || task.reports.length > 0) {
        socket.destroy()
        return
      }
      const report: Report = { pieces: [], size: 0, isWhole: false }
      task.reports.push(report)
      socket.on("data", (piece) => {
        report.size += piece.length
        if (report.size <= reportBytes) report.pieces.push(piece)
        else socket.destroy()
      })
      socket.on("close", () => {
        report.isWhole = true
        settle()
      })
    }
    const takeServer = (socket: Socket) => {
      state = "running"
      clearTimeout(timer)
      const vim = onlyDescendantOf(child?.pid ?? 0)
      socket.on("data", () => {
        // The child connected before the server said this, but its connection may be taken a moment later.
        setImmediate(() => {
          if (task === undefined) return
          task.isDone = true
          settle()
        })
      })
      socket.on("close", () => end("it ended"))
      const ask = (request: string, take: (sent: Sent) => void) => {
        task = { take, isDone: false, reports: [] }
        socket.write(request)
      }
      resolve({
        attempt: (line, nonce, take) => {
          writeFileSync(join(room.shown, attemptName), line)
          ask(`go ${nonce}\n`, take)
        },
        text: (nonce, take) => ask(`text ${nonce}\n`, take),
        hasStowaways: (isTyping) => {
          const children = childrenOf(vim)
          return children.length > (isTyping ? 1 : 0) || children.flatMap(childrenOf).length > 0
        },
        lastWords: () => words,
        stop
      })
    }
    // The first to connect is the server, which has not seen any keys yet. Each attempt may connect once.
    const listener = createServer((socket) => {
      sockets.add(socket)
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket))
      if (state === "starting") takeServer(socket)
      else if (state === "running") takeReport(socket)
      else socket.destroy()
    })
    const timer = setTimeout(() => end("it did not start in 10 s"), startMillis)
    listener.on("error", (cause) => end(cause.message))
    const socketPath = join(room.shown, socketName)
    listener.listen(socketPath, () => {
      chmodSync(socketPath, 0o666)
      const { args, file } = confinement.commandLine(room, "server")
      const identity = confinedUser === undefined ? {} : { uid: confinedUser, gid: confinedUser }
      // Its input is a pipe that nobody writes to and that does not end: keys are handed over inside.
      child = spawn(file, [...args], {
        env: { PATH: searchPath },
        cwd: "/",
        stdio: ["pipe", "ignore", "pipe"],
        detached: true,
        ...identity
      })
      child.on("error", (cause) => end(cause.message))
      child.on("exit", () => end("it ended at once"))
      child.stdin?.on("error", () => undefined)
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        words = (words + text).slice(-keptWords)
      })
    })
  })

interface Report {
  readonly pieces: Array<Buffer>
  size: number
  isWhole: boolean
}
