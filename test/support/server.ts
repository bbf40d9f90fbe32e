/** A context server as its clients start it: a process, spoken to over its standard streams. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { join } from "node:path"
import { inject } from "vitest"

/** A client's side of a connection. */
export interface Client {
  /** Sends raw bytes or text. */
  readonly write: (data: string | Uint8Array) => void
  /** Sends a request on a line and gives its whole answer. */
  readonly ask: (method: string, params?: unknown) => Promise<any>
  readonly tell: (method: string, params?: unknown) => void
  /** All messages so far that answer no request of `ask`. */
  readonly others: ReadonlyArray<any>
  /** All that was answered, a character a byte. */
  readonly stdout: () => string
}

/** A client that writes by `write`; what the server sends is to be received. */
export const makeClient = (write: Client["write"], ended: Promise<unknown>, why: () => string) => {
  let stdout = ""
  let rest = ""
  let id = 0
  const waiting = new Map<number, (answer: any) => void>()
  const others: Array<any> = []
  const receive = (data: string) => {
    stdout += data
    // Answers with headers are read by who asked for them.
    if (stdout.startsWith("Content-Length")) return
    rest += data
    const lines = rest.split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) {
      if (!line.startsWith("{") && !line.startsWith("[")) continue
      // Behind an answer with headers, the next one's stand on its line.
      const message = JSON.parse(line.replace(/Content-Length: \d+\r$/, ""))
      const resolve = "method" in message ? undefined : waiting.get(message.id)
      if (resolve === undefined) others.push(message)
      else {
        waiting.delete(message.id)
        resolve(message)
      }
    }
  }
  const send = (message: object) => write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
  const client: Client = {
    write,
    ask: (method, params) => {
      const own = ++id
      const answer = new Promise<any>((resolve, reject) => {
        waiting.set(own, resolve)
        void ended.then(() => reject(new Error(`the server ended before it answered ${method}: ${why()}`)))
      })
      // Tests that end a server with questions open do not wait for their answers.
      answer.catch(() => undefined)
      send({ id: own, method, params })
      return answer
    },
    tell: (method, params) => send({ method, params }),
    others,
    stdout: () => stdout
  }
  return { client, receive }
}

export interface Server extends Client {
  readonly child: ChildProcessWithoutNullStreams
  readonly stderr: () => string
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

/** Starts the server, by a program that starts another one where `before` names it with its arguments. */
export const startServer = (
  args: ReadonlyArray<string> = [],
  env: Readonly<Record<string, string>> = {},
  before: ReadonlyArray<string> = []
): Server => {
  const main = join(inject("bundleFolder"), "main.mjs")
  const [program = "", ...rest] = [...before, process.execPath, main, "serve-context", "--no-cache", ...args]
  const child = spawn(
    program,
    rest,
    { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } }
  )
  let stderr = ""
  child.stdin.on("error", () => undefined)
  child.stderr.on("data", (data) => stderr += data)
  child.stdout.setEncoding("latin1")
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal }))
  )
  const { client, receive } = makeClient((data) => child.stdin.write(data), ended, () => stderr)
  child.stdout.on("data", receive)
  return { ...client, child, stderr: () => stderr, ended }
}

/** Waits until something holds; fails after half a minute, which no busy machine takes. */
export const eventually = async (holds: () => boolean | Promise<boolean>, what: string): Promise<void> => {
  const until = Date.now() + 30_000
  while (!await holds()) {
    if (Date.now() > until) throw new Error(`did not happen in half a minute: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A message with the headers of the Language Server Protocol. */
export const withHeaders = (message: unknown): string => {
  const text = JSON.stringify(message)
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
}

/** The messages of a stream with such headers. */
export const messagesIn = (stream: string): ReadonlyArray<any> => {
  const bytes = Buffer.from(stream, "latin1")
  const messages: Array<any> = []
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf("\r\n\r\n", at)
    const length = Number(/Content-Length: (\d+)/.exec(bytes.toString("latin1", at, end))?.[1])
    if (end === -1 || end + 4 + length > bytes.length) break
    messages.push(JSON.parse(bytes.toString("utf8", end + 4, end + 4 + length)))
    at = end + 4 + length
  }
  return messages
}
