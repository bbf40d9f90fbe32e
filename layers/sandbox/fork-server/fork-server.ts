/** One fork server: starts it, hands it attempts one after the other, and takes in what comes of each. */
import { type ChildProcess, spawn } from "node:child_process"
import { chmodSync, closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs"
import { createServer, type Socket } from "node:net"
import { join } from "node:path"
import type { VimOptionsName } from "../../../services/keys/vim-options.ts"
import attemptScript from "../attempt.vim"
import { type Confinement, filterName, reportFolder, scriptName, shownFolder, workFolder } from "../confinement.ts"
import { optionsScript } from "../options/options-script.ts"
import { makeRoom } from "../room.ts"
import { systemCallFilter } from "../seccomp.ts"
import { confinedUser } from "../confined-user.ts"
import { fillScript } from "../vim-script.ts"
import { childrenOf, onlyDescendantOf, watchChildren, type Watched } from "./processes.ts"
import serverScript from "./server.vim"

/** What an attempt left for us, before it was gone. */
export type Left =
  | { readonly _tag: "report"; readonly bytes: Buffer }
  | { readonly _tag: "nothing" }
  /** More than it may. */
  | { readonly _tag: "too much" }

/** A server that runs. It takes one task at a time. */
export interface ForkServer {
  /** Types an attempt, as renderAttempt gives it; `take` is called when no process of it is left. */
  readonly attempt: (line: string, nonce: string, take: (left: Left) => void) => void
  /** Asks for the file that the last attempt edited. */
  readonly text: (nonce: string, take: (left: Left) => void) => void
  /** Whether it has processes besides the one of the attempt, seen from outside. */
  readonly hasStowaways: (isTyping: boolean) => boolean
  /** How much it has written to standard error, in characters. */
  readonly spoken: () => number
  /** What it has written there since it had written so much, or the end of that: the words of Vim when it breaks. */
  readonly wordsSince: (spoken: number) => string
  /** Ends it and everything it started. */
  readonly stop: () => void
}

export interface ForkServerNeeds {
  readonly confinement: Confinement
  readonly vimOptions: VimOptionsName
  /** Where programs are looked for, as in the environment's PATH. */
  readonly searchPath: string
  /** The most that a report may have, in bytes. */
  readonly reportBytes: number
  /** Called once, when the server ends by itself after it has started. */
  readonly onEnd: () => void
}

const attemptName = "attempt"
const socketName = "socket"
const reportName = "report"

const scriptWith = (options: VimOptionsName): string =>
  fillScript([attemptScript, optionsScript[options], serverScript], {
    work: workFolder,
    reports: reportFolder,
    request: `${shownFolder}/${attemptName}`,
    socket: `${shownFolder}/${socketName}`
  })

const startMillis = 10_000
const keptWords = 2000

/** Starts a server. Resolves when it has connected; rejects with what it said when it does not connect. */
export const startForkServer = (needs: ForkServerNeeds): Promise<ForkServer> =>
  new Promise((resolve, reject) => {
    const { confinement, reportBytes, searchPath, vimOptions } = needs
    const filter = systemCallFilter(process.arch)
    const room = makeRoom({
      [scriptName.server]: scriptWith(vimOptions),
      ...(filter === undefined ? {} : { [filterName]: filter })
    })
    const attempts = openSync(join(room.shown, attemptName), "w")
    let written = 0
    /** Replaces the attempt that lies in the file. */
    const write = (line: string) => {
      const bytes = Buffer.from(line)
      if (writeSync(attempts, bytes, 0, bytes.length, 0) < bytes.length) throw new Error("it is too long")
      if (bytes.length < written) ftruncateSync(attempts, bytes.length)
      written = bytes.length
    }
    let words = ""
    let spoken = 0
    let child: ChildProcess | undefined
    let connection: Socket | undefined
    let watched: Watched | undefined
    let state: "starting" | "running" | "over" = "starting"

    const stop = () => {
      if (state === "over") return
      state = "over"
      clearTimeout(timer)
      listener.close()
      connection?.destroy()
      watched?.close()
      closeSync(attempts)
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

    const takeServer = (socket: Socket) => {
      state = "running"
      clearTimeout(timer)
      listener.close()
      const vim = onlyDescendantOf(child?.pid ?? 0)
      const processes = watchChildren(vim)
      watched = processes
      const report = join(confinement.reportsOf(room, vim), reportName)
      let waiting: ((left: Left) => void) | undefined
      socket.on("data", () => {
        const take = waiting
        waiting = undefined
        take?.(readLeft(report, reportBytes))
      })
      socket.on("error", () => undefined).on("close", () => end("it ended"))
      const ask = (request: string, take: (left: Left) => void) => {
        waiting = take
        socket.write(request)
      }
      connection = socket
      resolve({
        attempt: (line, nonce, take) => {
          write(line)
          ask(`go ${nonce}\n`, take)
        },
        text: (nonce, take) => ask(`text ${nonce}\n`, take),
        hasStowaways: (isTyping) => {
          const children = processes.children()
          return children.length > (isTyping ? 1 : 0) || children.flatMap(childrenOf).length > 0
        },
        spoken: () => spoken,
        wordsSince: (before) => (spoken === before ? "" : words.slice(before - spoken)),
        stop
      })
    }
    // The first to connect is the server, which has not seen any keys yet; nobody else gets in.
    const listener = createServer((socket) => {
      if (state === "starting") takeServer(socket)
      else socket.destroy()
    })
    const timer = setTimeout(() => end("it did not start in 10 s"), startMillis)
    listener.on("error", (cause) => end(cause.message))
    const socket = addressOf(room.shown)
    listener.on("close", socket.close).listen(socket.path, () => {
      chmodSync(socket.path, 0o666)
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
        spoken += text.length
        words = (words + text).slice(-keptWords)
      })
    })
  })

/** The most bytes that the address of a socket may have, with the one that ends it (unix(7)). */
const mostAddress = 107

/**
 * The address of the socket in a folder, and what closes it. Where its path is longer than an address may be, it leads
 * through the open folder.
 */
const addressOf = (folder: string): { readonly path: string; readonly close: () => void } => {
  const path = join(folder, socketName)
  if (Buffer.byteLength(path) <= mostAddress) return { path, close: () => undefined }
  const opened = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  return { path: `/proc/self/fd/${opened}/${socketName}`, close: () => closeSync(opened) }
}

/** Reads a report, and nothing else that an attempt may have put in its place. */
const readLeft = (path: string, most: number): Left => {
  let file: number | undefined
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const status = fstatSync(file)
    if (!status.isFile()) return { _tag: "nothing" }
    if (status.size > most) return { _tag: "too much" }
    const bytes = Buffer.allocUnsafe(status.size)
    return { _tag: "report", bytes: bytes.subarray(0, readSync(file, bytes, 0, status.size, 0)) }
  } catch {
    return { _tag: "nothing" }
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
