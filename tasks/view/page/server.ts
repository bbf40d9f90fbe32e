/** How the page asks its server. */

type AskedQuestion = Readonly<Record<string, string | number | boolean | null | ReadonlyArray<string>>>

/** The server does not answer at all: it was ended, or it is too busy. */
export class ServerAway extends Error {}

/** Sends a question as no link, image or form of another page can. */
export const send = async (name: string, question: AskedQuestion, signal?: AbortSignal): Promise<Response> => {
  const response = await fetch(`api/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
    ...(signal === undefined ? {} : { signal })
  }).catch((cause: unknown) => {
    throw signal?.aborted === true ? cause : new ServerAway("The server does not answer. Is it still running?")
  })
  if (!response.ok) throw new Error((await response.json()).error ?? `the server answers ${response.status}`)
  return response
}

export const ask = async <A>(name: string, question: AskedQuestion, signal?: AbortSignal): Promise<A> =>
  (await send(name, question, signal)).json()

/** Calls `take` with each line of an answer that comes bit by bit. */
export const askForLines = async <A>(
  name: string,
  question: AskedQuestion,
  signal: AbortSignal,
  take: (line: A) => void
): Promise<void> => {
  const { body } = await send(name, question, signal)
  if (body === null) return
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ""
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const lines = (rest + next.value).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) take(JSON.parse(line))
  }
}
