/** A real HTTP server that behaves as a model server of some protocol does, and misbehaves as a script says. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"

export interface ModelRequest {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly body: any
}

/** What a server answers: a value, or frames one after another. */
export type Reply =
  | { readonly status: number; readonly value: unknown }
  | { readonly frames: ReadonlyArray<string>; readonly type: string }

export interface FakeProtocol {
  readonly reply: (request: ModelRequest) => Reply
  /** The value by which it tells of a failure under status 200. */
  readonly fault: (message: string, status: number) => unknown
  /** A value as a piece of a streamed answer. */
  readonly frame: (value: unknown) => string
}

/** What goes wrong with an answer. */
export type Mishap =
  | {
    readonly _tag: "refusal"
    readonly status: number
    readonly text: string
    readonly headers?: Record<string, string>
  }
  /** The connection breaks behind so many frames; at once where the answer comes whole. */
  | { readonly _tag: "cut"; readonly frames: number }
  /** A failure under status 200, behind the first frame where the answer is streamed. */
  | { readonly _tag: "fault"; readonly status: number; readonly message: string }
  /** Nothing more comes behind so many frames; behind the head where the answer comes whole. */
  | { readonly _tag: "silence"; readonly frames: number }
  | { readonly _tag: "other"; readonly text: string; readonly type: string }

export interface ModelServerFake {
  readonly endpoint: string
  readonly requests: ReadonlyArray<ModelRequest>
  /** Requests that asked for an answer, rather than for tokens or for what the server runs. */
  readonly questions: () => ReadonlyArray<ModelRequest>
  /** Resolves when a client has closed a connection before its answer was whole. */
  readonly abandoned: Promise<void>
  /** Resolves when what comes before a silence was sent. */
  readonly begun: Promise<void>
  readonly close: () => Promise<void>
}

const isQuestion = ({ method, path }: ModelRequest) => method === "POST" && !path.endsWith("/tokenize")

/** Something that happens once, and can be waited for. */
const signal = () => {
  let resolve = () => {}
  const promise = new Promise<void>((resolved) => resolve = resolved)
  return { promise, resolve: () => resolve() }
}

/** `mishap` is asked for each question, by its number. */
export const startModelServer = async (
  protocol: FakeProtocol,
  mishap: (number: number) => Mishap | undefined = () => undefined
): Promise<ModelServerFake> => {
  const requests: Array<ModelRequest> = []
  const questions = () => requests.filter(isQuestion)
  const abandoned = signal()
  const begun = signal()

  const answer = (request: ModelRequest, response: ServerResponse) => {
    const wrong = isQuestion(request) ? mishap(questions().length) : undefined
    requests.push(request)
    response.on("close", () => {
      if (!response.writableFinished) abandoned.resolve()
    })
    const reply = protocol.reply(request)
    const json = (status: number, value: unknown) => {
      response.writeHead(status, { "content-type": "application/json" })
      response.end(JSON.stringify(value))
    }
    if (wrong?._tag === "refusal") {
      response.writeHead(wrong.status, { "content-type": "application/json", ...wrong.headers })
      response.end(wrong.text)
      return
    }
    if (wrong?._tag === "other") {
      response.writeHead(200, { "content-type": wrong.type })
      response.end(wrong.text)
      return
    }
    if ("value" in reply) {
      if (wrong?._tag === "cut") response.socket?.destroy()
      else if (wrong?._tag === "fault") json(200, protocol.fault(wrong.message, wrong.status))
      else if (wrong?._tag === "silence") {
        response.writeHead(200, { "content-type": "application/json" })
        response.write("{", () => begun.resolve())
      } else json(reply.status, reply.value)
      return
    }
    response.writeHead(200, { "content-type": reply.type })
    response.flushHeaders()
    const stop = wrong?._tag === "cut" || wrong?._tag === "silence" ? wrong.frames : reply.frames.length
    const sent = wrong?._tag === "fault"
      ? [...reply.frames.slice(0, 1), protocol.frame(protocol.fault(wrong.message, wrong.status))]
      : reply.frames.slice(0, stop)
    // Bytes end where no character and no frame does.
    const bytes = Buffer.from(sent.join(""))
    for (let at = 0; at < bytes.length; at += 17) response.write(bytes.subarray(at, at + 17))
    if (wrong?._tag === "cut") response.write("", () => response.socket?.destroy())
    else if (wrong?._tag === "silence") response.write("", () => begun.resolve())
    else response.end()
  }

  const server = createServer((request: IncomingMessage, response) => {
    const pieces: Array<Buffer> = []
    request.on("data", (piece: Buffer) => pieces.push(piece))
    request.on("end", () => {
      const text = Buffer.concat(pieces).toString()
      answer({
        method: request.method ?? "",
        path: request.url ?? "",
        authorization: request.headers.authorization,
        body: text === "" ? undefined : JSON.parse(text)
      }, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    questions,
    abandoned: abandoned.promise,
    begun: begun.promise,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      })
  }
}
