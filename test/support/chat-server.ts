/** A real HTTP server that speaks OpenAI's chat completions, in the ways in which real servers differ. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"

export interface ChatRequest {
  readonly messages: ReadonlyArray<{ readonly role: string; readonly content: string }>
  readonly model: string
  readonly n?: number
  readonly stream?: boolean
  readonly temperature: number
  readonly max_tokens: number
}

export interface Asked {
  readonly body: ChatRequest
  readonly path: string
  readonly authorization: string | undefined
}

export interface Manners {
  /** What each choice says; the number of the request and of the choice come with it. */
  readonly answer: (request: ChatRequest, number: number, choice: number) => string
  /** How many choices it gives: as many as are asked for, or one whatever is asked, or a refusal of more than one. */
  readonly count?: "taken" | "ignored" | "refused"
  /** Whether it streams when it is asked to. */
  readonly streams?: boolean
  readonly finishReason?: string
  /** Whether it says how many tokens it took. */
  readonly hasUsage?: boolean
  /** Answers a request in another way; gives true when it did. */
  readonly instead?: (response: ServerResponse, number: number, request: ChatRequest) => boolean
}

export interface ChatServer {
  readonly endpoint: string
  readonly asked: Array<Asked>
  readonly close: () => Promise<void>
}

const send = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
  response.writeHead(status, { "content-type": "application/json", ...headers })
  response.end(typeof body === "string" ? body : JSON.stringify(body))
  return true
}

/** Answers with a status, as `instead` does. */
export const refuse = (response: ServerResponse, status: number, message: string, headers?: Record<string, string>) =>
  send(response, status, { error: { message, type: "test" } }, headers)

/** Answers with any body. */
export const say = (response: ServerResponse, body: unknown, headers?: Record<string, string>) =>
  send(response, 200, body, headers)

export const startChatServer = async (manners: Manners): Promise<ChatServer> => {
  const asked: Array<Asked> = []
  const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 }
  const answer = (request: IncomingMessage, response: ServerResponse, text: string) => {
    const number = asked.length
    const body: ChatRequest = JSON.parse(text)
    asked.push({
      body,
      path: request.url ?? "",
      authorization: request.headers.authorization
    })
    if (manners.instead?.(response, number, body) === true) return
    const wanted = body.n ?? 1
    const count = manners.count ?? "taken"
    if (count === "refused" && wanted > 1) {
      refuse(response, 400, "Only one completion choice is allowed")
      return
    }
    const texts = Array.from(
      { length: count === "taken" ? wanted : 1 },
      (_, choice) => manners.answer(body, number, choice)
    )
    const finish_reason = manners.finishReason ?? "stop"
    const counted = manners.hasUsage === false ? {} : { usage }
    if (body.stream === true && manners.streams !== false) {
      streamTexts(response, texts, finish_reason, counted)
      return
    }
    send(response, 200, {
      object: "chat.completion",
      choices: texts.map((content, index) => ({ index, message: { role: "assistant", content }, finish_reason })),
      ...counted
    })
  }
  const server = createServer((request, response) => {
    const pieces: Array<Buffer> = []
    request.on("data", (piece: Buffer) => pieces.push(piece))
    request.on("end", () => answer(request, response, Buffer.concat(pieces).toString()))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    endpoint: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      })
  }
}

/** Sends pieces of all choices in turn, and cuts the bytes where no character and no event ends. */
const streamTexts = (
  response: ServerResponse,
  texts: ReadonlyArray<string>,
  finish_reason: string,
  counted: object
) => {
  const event = (body: unknown) => `data: ${JSON.stringify(body)}\n\n`
  const events = [": a comment, as some servers send to keep connections open\n\n"]
  for (const index of texts.keys()) events.push(event({ choices: [{ index, delta: { role: "assistant" } }] }))
  for (let at = 0; at < Math.max(...texts.map((text) => text.length)); at += 3) {
    for (const [index, text] of texts.entries()) {
      const content = text.slice(at, at + 3)
      if (content !== "") events.push(event({ choices: [{ index, delta: { content } }] }))
    }
  }
  for (const index of texts.keys()) events.push(event({ choices: [{ index, delta: {}, finish_reason }] }))
  events.push(event({ choices: [], ...counted }), "data: [DONE]\n\n")
  const bytes = Buffer.from(events.join(""))
  response.writeHead(200, { "content-type": "text/event-stream" })
  for (let at = 0; at < bytes.length; at += 17) response.write(bytes.subarray(at, at + 17))
  response.end()
}
