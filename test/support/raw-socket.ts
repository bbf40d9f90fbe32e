/** Clients that send bytes as they like, and see what comes back until the other side ends it. */
import { connect, type Socket } from "node:net"

export interface Heard {
  /** All that came back, a character a byte. */
  readonly text: string
  /** Of an answer over HTTP; 0 where none came. */
  readonly status: number
  /** Whether the other side ended the connection in time. */
  readonly isEnded: boolean
}

/** Connects, and gives the socket; whatever goes wrong with it later is what the test is about. */
export const open = (at: number | string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = typeof at === "number" ? connect(at, "127.0.0.1") : connect(at)
    socket.once("error", reject)
    socket.once("connect", () => {
      socket.on("error", () => undefined)
      resolve(socket)
    })
  })

/** Listens to a socket until it ends, or for so long. */
export const listenTo = (socket: Socket, patienceMillis: number): Promise<Heard> =>
  new Promise((resolve) => {
    let text = ""
    const end = (isEnded: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ text, status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), isEnded })
    }
    const timer = setTimeout(() => end(false), patienceMillis)
    socket.on("data", (data) => text += data.toString("latin1"))
    socket.on("close", () => end(true))
    if (socket.destroyed) end(true)
  })

/** Sends pieces one after the other, and listens. */
export const say = async (
  at: number | string,
  pieces: ReadonlyArray<string | Uint8Array>,
  patienceMillis = 4000
): Promise<Heard> => {
  const socket = await open(at)
  const heard = listenTo(socket, patienceMillis)
  for (const piece of pieces) {
    if (!socket.destroyed) await new Promise((resolve) => socket.write(piece, resolve))
  }
  return heard
}

/** A request as its bytes; the connection is to be closed after it. */
export const requestBytes = (
  first: string,
  headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>,
  body = ""
): string => {
  const lines = Object.entries({ connection: "close", "content-length": String(Buffer.byteLength(body)), ...headers })
    .flatMap(([name, value]) => [value ?? []].flat().map((one) => `${name}: ${one}\r\n`))
  return `${first}\r\n${lines.join("")}\r\n${body}`
}
