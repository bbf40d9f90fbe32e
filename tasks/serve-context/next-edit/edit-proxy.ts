/**
 * What a stand-in does with requests for next edits, of editors that render their prompts themselves and know only a URL:
 * prompts of Zed's models gain what other files tell, and answers that are not to be shown say that there is nothing to do.
 */
import * as Effect from "effect/Effect"
import { relatedRequest } from "../../../services/next-edit/related.ts"
import { withRelatedFiles } from "../../../services/next-edit/zeta-prompt.ts"
import type { Workspace } from "../../shared/workspace.ts"
import { isRecord } from "../protocol.ts"
import type { StandInRules } from "../proxy.ts"
import { type ForeignPrompt, readForeign, shownAnswer } from "./foreign-prompt.ts"

/** Where servers go on with a text: llama.cpp's, OpenAI's, and Ollama's. */
const completions = /\/(?:completions?|api\/generate)$/

export const editRules = (workspace: Workspace): StandInRules => ({
  isFor: (path) => completions.test(path),
  asked: (body) => {
    const { prompt } = body
    const read = typeof prompt === "string" ? readForeign(prompt) : undefined
    if (read === undefined) return Effect.succeed({ body })
    return Effect.map(withOthers(workspace, read), (fuller) => ({
      body: { ...body, prompt: fuller },
      // What comes in pieces is shown before it is whole.
      ...(body["stream"] === true ? {} : { answered: (answer: unknown) => answeredWith(read, answer) })
    }))
  }
})

const withOthers = (workspace: Workspace, { dialect, moment, prompt }: ForeignPrompt) => {
  const { cursor, file: { path, text } } = moment
  // Editors write paths from elsewhere than the project's root.
  const own = workspace.locate(text.slice(0, cursor), text.slice(cursor)) || path
  const request = relatedRequest(dialect, { path: own, text }, cursor, moment.events)
  return Effect.map(workspace.related(new Map(), request), (related) => withRelatedFiles(prompt, related))
}

/** Replaces the text of an answer, wherever the protocol has it. */
const answeredWith = (read: ForeignPrompt, answer: unknown): unknown => {
  if (!isRecord(answer)) return answer
  const choices = answer["choices"]
  if (Array.isArray(choices)) {
    return { ...answer, choices: choices.map((choice) => isRecord(choice) ? withText(read, choice, "text") : choice) }
  }
  return withText(read, withText(read, answer, "content"), "response")
}

const withText = (read: ForeignPrompt, holder: Readonly<Record<string, unknown>>, key: string) => {
  const text = holder[key]
  return typeof text === "string" ? { ...holder, [key]: shownAnswer(read, text) } : holder
}
