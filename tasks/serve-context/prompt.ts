/** Request bodies for the servers that run completion models, with the context where each of them wants it. */
import { placeContext } from "../../services/formats/context-style.ts"
import { fitInfill } from "../../services/formats/fit-infill.ts"
import { renderInfill } from "../../services/formats/infill.ts"
import { type Preset, presets } from "../../services/formats/presets.ts"
import type { ContextAnswer } from "../../services/Index.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { startOfLine } from "../../services/text/span.ts"
import type { AskedPlace } from "./ask.ts"

export interface PromptOptions {
  readonly backend: "llama.cpp" | "ollama" | "openai" | "mistral"
  /** Name of the preset whose tokens the model knows. */
  readonly format?: string | undefined
  readonly model?: string | undefined
  readonly max_tokens?: number | undefined
  readonly temperature?: number | undefined
  readonly stream?: boolean | undefined
  /** UTF-16 units of context, prefix and suffix together; 8192 when left out. */
  readonly total_chars?: number | undefined
}

export interface PromptRequest {
  /** Where the body goes, below the server's address. */
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

const defaultTotal = 8192
const defaultTokens = 128

/** UTF-16 units of the file that a prompt holds beside a context of that budget. */
export const promptHolds = ({ total_chars }: PromptOptions, budget: number): number =>
  Math.max(0, (total_chars ?? defaultTotal) - budget)

export const presetFor = (format: string | undefined): Preset => {
  const preset = presets.get(format ?? "qwen2.5-coder")
  if (preset === undefined) throw new Error(`no preset "${format}"`)
  return preset
}

export const promptFor = (
  options: PromptOptions,
  place: AskedPlace,
  answer: ContextAnswer,
  repository: string
): PromptRequest => {
  const preset = presetFor(options.format)
  const total = Math.max(0, (options.total_chars ?? defaultTotal) - answer.text.length)
  const { prefix, suffix } = fitInfill(place.prefix, place.suffix, 0, total) ?? { prefix: "", suffix: "" }
  const tokens = options.max_tokens ?? defaultTokens
  const stream = options.stream ?? false
  const sampling = options.temperature === undefined ? {} : { temperature: options.temperature }
  const model = options.model === undefined ? {} : { model: options.model }
  switch (options.backend) {
    case "llama.cpp": {
      // llama.cpp's server puts the tokens of its own model around these.
      const line = startOfLine(prefix, prefix.length)
      return {
        path: "/infill",
        body: {
          input_extra: extraOf(answer),
          input_prefix: prefix.slice(0, line),
          prompt: prefix.slice(line),
          input_suffix: suffix,
          n_predict: tokens,
          stream,
          cache_prompt: true,
          ...sampling
        }
      }
    }
    case "ollama":
      return {
        path: "/api/generate",
        body: {
          ...model,
          prompt: rendered(preset, place, answer, prefix, suffix, repository),
          raw: true,
          stream,
          options: { num_predict: tokens, stop: [preset.end.trim()], ...sampling }
        }
      }
    case "openai":
      return {
        path: "/v1/completions",
        body: {
          ...model,
          prompt: rendered(preset, place, answer, prefix, suffix, repository),
          max_tokens: tokens,
          stop: [preset.end.trim()],
          stream,
          ...sampling
        }
      }
    case "mistral": {
      const codestral = presetFor("codestral")
      const { beforePrefix } = placeContext(codestral, answer.text, { repository, path: place.path })
      return {
        path: "/v1/fim/completions",
        body: { ...model, prompt: beforePrefix + prefix, suffix, max_tokens: tokens, stream, ...sampling }
      }
    }
  }
}

const rendered = (
  preset: Preset,
  { path }: AskedPlace,
  answer: ContextAnswer,
  prefix: string,
  suffix: string,
  repository: string
): string => {
  const { beforePrefix, beforePrompt } = placeContext(preset, answer.text, { repository, path })
  const infill = { prefix: beforePrefix + prefix, suffix, middle: "", path, language: languageOfPath(path)?.name ?? "" }
  return beforePrompt + renderInfill(preset, preset.native, infill).prompt
}

export interface ExtraInput {
  readonly filename: string
  readonly text: string
}

/** A context as llama.cpp takes it: a text for each file, in the context's order. */
export const extraOf = (answer: ContextAnswer): ReadonlyArray<ExtraInput> => {
  const texts = new Map<string, string>()
  for (const { path, text } of answer.snippets) texts.set(path, (texts.get(path) ?? "") + text)
  return [...texts].map(([filename, text]) => ({ filename, text }))
}

/**
 * Puts the files of a context in the order in which they were sent before, new ones last: what the model's server has
 * read already, it need not read again.
 */
export const inStableOrder = (
  extra: ReadonlyArray<ExtraInput>,
  before: ReadonlyArray<ExtraInput>
): ReadonlyArray<ExtraInput> => {
  const now = new Map(extra.map((one) => [one.filename, one]))
  const kept = before.filter((one) => now.get(one.filename)?.text === one.text)
  const isKept = new Set(kept.map((one) => one.filename))
  return [...kept, ...extra.filter((one) => !isKept.has(one.filename))]
}
