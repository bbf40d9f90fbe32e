/**
 * Model servers as their pages describe them: what they take for granted where nothing is said, what they refuse, and
 * what they lose without a word. A token is a character, and what begins a text is one token.
 */
import type { FakeProtocol, ModelRequest, Reply } from "./model-server.ts"

export interface FakeModel {
  /** What it says to a prompt until it ends by itself. */
  readonly says: (prompt: string) => string
  /** Tokens that prompt and answer may have together. */
  readonly window: number
}

export const beginning = "<s>"

const tokensOf = (text: string): ReadonlyArray<string> => text.match(/<s>|[^]/gu) ?? []
const idOf = (token: string): number => (token === beginning ? 1 : token.codePointAt(0) ?? 0)
const textOf = (ids: ReadonlyArray<number>): string =>
  ids.map((id) => (id === 1 ? beginning : String.fromCodePoint(id))).join("")

/** How likely each token is, whatever stands before it. */
export const logProbabilityOf = (token: string): number => -((idOf(token) % 13) + 1) / 8

interface Generation {
  readonly pieces: ReadonlyArray<string>
  readonly text: string
  readonly reason: "eos" | "limit" | "word"
  readonly promptTokens: number
  readonly answerTokens: number
}

interface Settings {
  readonly prompt: string
  readonly limit: number
  readonly stops: ReadonlyArray<string>
  /** Whether nothing but the temperature, which is 0, decides. */
  readonly isGreedy: boolean
  readonly keepsStop?: boolean
}

const generate = (model: FakeModel, { isGreedy, keepsStop = false, limit, prompt, stops }: Settings): Generation => {
  const whole = isGreedy ? model.says(prompt) : "drawn at random"
  const ends = stops.map((stop) => [whole.indexOf(stop), stop] as const).filter(([at]) => at >= 0)
    .sort(([a], [b]) => a - b)
  const [at, stop = ""] = ends[0] ?? []
  const stopped = at === undefined ? whole : whole.slice(0, keepsStop ? at + stop.length : at)
  const tokens = tokensOf(stopped)
  const taken = tokens.slice(0, limit)
  const pieces: Array<string> = []
  for (let start = 0; start < taken.length; start += 3) pieces.push(taken.slice(start, start + 3).join(""))
  return {
    pieces,
    text: taken.join(""),
    reason: taken.length < tokens.length ? "limit" : at === undefined ? "eos" : "word",
    promptTokens: tokensOf(prompt).length,
    answerTokens: taken.length
  }
}

/** Whether all of the fields have, sent or by default, the value that leaves greedy decoding alone. */
const isNeutral = (sent: any, defaults: Record<string, unknown>, neutral: Record<string, ReadonlyArray<unknown>>) =>
  Object.entries(neutral).every(([field, values]) => values.includes(sent?.[field] ?? defaults[field]))

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const events = (frames: ReadonlyArray<string>): Reply => ({ frames, type: "text/event-stream" })
const done = "data: [DONE]\n\n"
const refusal = (status: number, value: unknown): Reply => ({ status, value })
const openaiFault = (message: string, status: number) => ({ error: { message, type: "error", code: status } })
const unknownPath = refusal(404, { error: { message: "not found", code: 404 } })

const withBeginning = (prompt: string) => beginning + prompt

export const llamaCpp = (model: FakeModel): FakeProtocol => {
  const batch = 32
  const answer = (body: any, prompt: string): Reply => {
    const { n_predict: limit = -1, logit_bias = [], n_probs = 0, stop: stops = [], stream = false } = body
    const isGreedy = isNeutral(
      body,
      { temperature: 0.8, top_k: 40, top_p: 0.95, min_p: 0.05, repeat_penalty: 1.1 },
      { temperature: [0], top_k: [0, 1], top_p: [1], min_p: [0], repeat_penalty: [1] }
    )
    // The start of a prompt that does not fit is lost.
    const isTruncated = tokensOf(prompt).length + Math.max(0, limit) > model.window
    const said = generate(model, { prompt, limit: limit < 0 ? 1000 : limit, stops, isGreedy })
    const [forced] = logit_bias[0] ?? []
    const last = {
      stop: true,
      stop_type: said.reason,
      tokens_evaluated: said.promptTokens,
      tokens_predicted: said.answerTokens,
      truncated: isTruncated
    }
    if (stream) {
      return events([
        ...said.pieces.map((content) => event({ index: 0, content, stop: false })),
        event({ index: 0, content: "", ...last })
      ])
    }
    const probabilities = n_probs > 0 && forced !== undefined
      ? {
        completion_probabilities: [{ id: forced, token: textOf([forced]), logprob: logProbabilityOf(textOf([forced])) }]
      }
      : {}
    return { status: 200, value: { index: 0, content: said.text, ...last, ...probabilities } }
  }
  return {
    frame: event,
    fault: openaiFault,
    reply: ({ body, path }) => {
      switch (path) {
        case "/props":
          return {
            status: 200,
            value: { model_path: "/models/tiny.gguf", build_info: "b100-abc", default_generation_settings: {} }
          }
        case "/tokenize": {
          const text = body.add_special === true ? withBeginning(body.content) : body.content
          return { status: 200, value: { tokens: tokensOf(text).map(idOf) } }
        }
        case "/completion":
          return answer(body, typeof body.prompt === "string" ? withBeginning(body.prompt) : textOf(body.prompt))
        case "/infill": {
          // What does not fit into a batch is left out without a word.
          const prefix = tokensOf(body.input_prefix).slice(-(batch * 3) / 4).join("")
          const suffix = tokensOf(body.input_suffix).slice(0, batch / 4).join("")
          return answer(body, `${beginning}P${prefix}S${suffix}M`)
        }
        default:
          return unknownPath
      }
    }
  }
}

interface Completions {
  readonly defaults: Record<string, unknown>
  readonly neutral: Record<string, ReadonlyArray<unknown>>
  readonly mostStops: number
  /** Whether the last piece of a stream counts the tokens, asked or not. */
  readonly counts?: boolean
}

const completionsReply = (model: FakeModel, body: any, prompt: string, rules: Completions, isChat: boolean): Reply => {
  const { max_tokens: limit = 16, stop = [], stream = false, stream_options } = body
  const stops: ReadonlyArray<string> = typeof stop === "string" ? [stop] : stop ?? []
  if (stops.length > rules.mostStops) return refusal(400, { error: { message: "stop: at most 4" } })
  if (tokensOf(prompt).length + limit > model.window) {
    return refusal(400, { error: { message: "maximum context length exceeded", code: 400 } })
  }
  const said = generate(model, { prompt, limit, stops, isGreedy: isNeutral(body, rules.defaults, rules.neutral) })
  const finish_reason = said.reason === "limit" ? "length" : "stop"
  const usage = {
    prompt_tokens: said.promptTokens,
    completion_tokens: said.answerTokens,
    total_tokens: said.promptTokens + said.answerTokens
  }
  // It gives a second choice, whatever is asked.
  const second = { index: 1, finish_reason }
  if (stream === true) {
    const piece = (content: string) => (isChat ? { delta: { content } } : { text: content })
    return events([
      ": comments keep connections open\n\n",
      ...said.pieces.flatMap((content) => [
        event({ choices: [{ index: 1, ...piece("2nd"), finish_reason: null }] }),
        event({ choices: [{ index: 0, ...piece(content), finish_reason: null }] })
      ]),
      event({ choices: [{ index: 0, ...piece(""), finish_reason }], ...(rules.counts === true ? { usage } : {}) }),
      ...(stream_options?.include_usage === true ? [event({ choices: [], usage })] : []),
      done
    ])
  }
  const whole = (content: string) => (isChat ? { message: { role: "assistant", content } } : { text: content })
  return {
    status: 200,
    value: { choices: [{ ...second, ...whole("2nd") }, { index: 0, ...whole(said.text), finish_reason }], usage }
  }
}

const openaiRules: Completions = {
  defaults: { temperature: 1, top_p: 1 },
  neutral: { temperature: [0], top_p: [1] },
  mostStops: 4
}

const models = { status: 200, value: { object: "list", data: [{ id: "tiny", root: "org/tiny" }, { id: "large" }] } }

export const openai = (model: FakeModel): FakeProtocol => ({
  frame: event,
  fault: openaiFault,
  reply: ({ body, path }) => {
    if (path === "/v1/models") return models
    if (path !== "/v1/completions") return unknownPath
    const prompt = body.suffix === undefined ? withBeginning(body.prompt) : `<s>P${body.prompt}S${body.suffix}M`
    return completionsReply(model, body, prompt, openaiRules, false)
  }
})

export const chat = (model: FakeModel): FakeProtocol => ({
  frame: event,
  fault: openaiFault,
  reply: ({ body, path }) => {
    if (path === "/v1/models") return models
    if (path !== "/v1/chat/completions") return unknownPath
    const prompt = body.messages.map(({ content, role }: any) => `[${role}]${content}`).join("")
    return completionsReply(model, body, prompt, openaiRules, true)
  }
})

export const vllm = (model: FakeModel): FakeProtocol => {
  // The model's own generation_config.json.
  const rules: Completions = {
    defaults: {
      temperature: 0.7,
      top_k: 20,
      top_p: 0.8,
      min_p: 0,
      repetition_penalty: 1.05,
      skip_special_tokens: true
    },
    neutral: {
      temperature: [0],
      top_k: [-1, 0],
      top_p: [1],
      min_p: [0],
      repetition_penalty: [1],
      // A stop that is a special token is not seen otherwise.
      skip_special_tokens: [false]
    },
    mostStops: 100
  }
  return {
    frame: event,
    // A stream that fails is done all the same.
    fault: openaiFault,
    reply: ({ body, path }) => {
      switch (path) {
        case "/v1/models":
          return models
        case "/version":
          return { status: 200, value: { version: "0.12.0" } }
        case "/tokenize": {
          const text = body.add_special_tokens === false ? body.prompt : withBeginning(body.prompt)
          return { status: 200, value: { tokens: tokensOf(text).map(idOf) } }
        }
        case "/v1/completions": {
          if (body.suffix !== undefined) return refusal(400, { error: { message: "suffix is not supported" } })
          const prompt = typeof body.prompt !== "string"
            ? textOf(body.prompt)
            : body.add_special_tokens === false
            ? body.prompt
            : withBeginning(body.prompt)
          if (body.prompt_logprobs === undefined) return completionsReply(model, body, prompt, rules, false)
          const prompt_logprobs = tokensOf(prompt).map((token, index) =>
            index === 0 ? null : { [idOf(token)]: { logprob: logProbabilityOf(token), rank: 1 } }
          )
          return {
            status: 200,
            value: { choices: [{ index: 0, text: "x", finish_reason: "length", prompt_logprobs }] }
          }
        }
        default:
          return unknownPath
      }
    }
  }
}

export const mistral = (model: FakeModel): FakeProtocol => ({
  frame: event,
  fault: openaiFault,
  reply: ({ body, path }) => {
    if (path === "/v1/models") return models
    if (path !== "/v1/fim/completions") return unknownPath
    const extra = ["seed", "n", "presence_penalty", "stream_options"].find((field) => field in body)
    if (extra !== undefined) return refusal(422, { message: `Extra inputs are not permitted: ${extra}` })
    const rules = { ...openaiRules, defaults: { temperature: 0.2, top_p: 1 }, mostStops: 100, counts: true }
    return completionsReply(model, body, `<s>P${body.prompt}S${body.suffix}M`, rules, true)
  }
})

export const ollama = (model: FakeModel): FakeProtocol => {
  const line = (value: unknown) => `${JSON.stringify(value)}\n`
  return {
    frame: line,
    fault: (message) => ({ error: message }),
    reply: ({ body, path }) => {
      switch (path) {
        case "/api/tags":
          return { status: 200, value: { models: [{ name: "tiny:latest", digest: "sha256:12" }] } }
        case "/api/version":
          return { status: 200, value: { version: "0.13.0" } }
        case "/api/generate": {
          const { options = {}, prompt, raw = false, shift = true, stream = true, suffix = "", truncate = true } = body
          if (!["tiny", "tiny:latest"].includes(body.model)) return refusal(404, { error: "model 'x' not found" })
          if (prompt === "") {
            return { status: 200, value: { model: "tiny", response: "", done: true, done_reason: "load" } }
          }
          // Raw prompts have no suffix; without one, the template is that of a chat.
          const laid = raw ? withBeginning(prompt) : suffix === "" ? `[user]${prompt}` : `<s>P${prompt}S${suffix}M`
          const { num_predict: limit = -1, stop: stops = [] } = options
          const isGreedy = isNeutral(
            options,
            { temperature: 0.8, top_k: 40, top_p: 0.9, min_p: 0, repeat_penalty: 1.1 },
            { temperature: [0], top_k: [0, 1], top_p: [1], min_p: [0], repeat_penalty: [1] }
          )
          const isLong = tokensOf(laid).length + Math.max(0, limit) > model.window
          if (isLong && !truncate && !shift) return refusal(400, { error: "the input is longer than the context" })
          const kept = isLong ? tokensOf(laid).slice(-model.window / 2).join("") : laid
          const said = generate(model, { prompt: kept, limit: limit < 0 ? 1000 : limit, stops, isGreedy })
          const last = {
            done: true,
            done_reason: said.reason === "limit" ? "length" : "stop",
            prompt_eval_count: said.promptTokens,
            eval_count: said.answerTokens
          }
          if (!stream) return { status: 200, value: { model: "tiny", response: said.text, ...last } }
          return {
            frames: [
              ...said.pieces.map((response) => line({ model: "tiny", response, done: false })),
              line({ model: "tiny", response: "", ...last })
            ],
            type: "application/x-ndjson"
          }
        }
        default:
          return unknownPath
      }
    }
  }
}

export const tgi = (model: FakeModel): FakeProtocol => {
  const refuse = (message: string) => refusal(422, { error: message, error_type: "validation" })
  const reasons = { limit: "length", eos: "eos_token", word: "stop_sequence" }
  const generation = (request: ModelRequest): Reply => {
    const { inputs, parameters = {} } = request.body
    const { max_new_tokens: limit = 20, stop: stops = [], temperature, top_p } = parameters
    if (temperature === 0) return refuse("`temperature` must be strictly positive")
    if (top_p !== undefined && (top_p <= 0 || top_p >= 1)) return refuse("`top_p` must be > 0.0 and < 1.0")
    if (stops.length > 4) return refuse("`stop` supports up to 4 stop sequences")
    const prompt = withBeginning(inputs)
    if (tokensOf(prompt).length + limit > model.window) {
      return refuse(`\`inputs\` tokens + \`max_new_tokens\` must be <= ${model.window}`)
    }
    const isGreedy = isNeutral(parameters, { do_sample: false, repetition_penalty: 1 }, {
      do_sample: [false],
      repetition_penalty: [1]
    })
    // The text keeps the stop that ended it.
    const said = generate(model, { prompt, limit, stops, isGreedy, keepsStop: true })
    const details = {
      finish_reason: reasons[said.reason],
      generated_tokens: said.answerTokens,
      input_length: said.promptTokens
    }
    if (request.path === "/generate_stream") {
      const token = (text: string, special = false) => ({ id: 1, text, special })
      return events([
        ...said.pieces.map((text) =>
          `data:${event({ token: token(text), generated_text: null, details: null }).slice(6)}`
        ),
        event({ token: token("</s>", true), generated_text: said.text, details })
      ])
    }
    const prefill = parameters.decoder_input_details === true
      ? tokensOf(prompt).map((text, index) => ({
        id: idOf(text),
        text,
        logprob: index === 0 ? null : logProbabilityOf(text)
      }))
      : []
    return {
      status: 200,
      value: { generated_text: said.text, details: { ...details, input_length: undefined, prefill } }
    }
  }
  return {
    frame: event,
    fault: (message, status) => ({ error: message, error_type: status < 500 ? "validation" : "generation" }),
    reply: (request) => {
      switch (request.path) {
        case "/info":
          return { status: 200, value: { model_id: "org/tiny", model_sha: "12ab", version: "3.3.0" } }
        case "/tokenize": {
          let at = 0
          const own = [...String(request.body.inputs)].map((text) => ({ id: idOf(text), text, start: at, stop: ++at }))
          return { status: 200, value: [{ id: 1, text: beginning, start: 0, stop: 0 }, ...own] }
        }
        case "/generate":
        case "/generate_stream":
          return generation(request)
        default:
          return unknownPath
      }
    }
  }
}
