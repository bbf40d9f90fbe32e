/**
 * The same context as a tool of the Model Context Protocol (revision 2025-06-18): JSON-RPC on lines, as everywhere
 * here, with a handshake, a list of one tool, and its call.
 */
import * as Effect from "effect/Effect"
import { styleNamed } from "../../services/formats/context-style.ts"
import { type ContextQuestion, type Defaults, placeAsked, requestFor } from "./ask.ts"
import { ErrorCode, isRecord, Refused, refusing } from "./protocol.ts"
import { GetContext, readParams } from "./requests.ts"
import type { ContextSession } from "./session.ts"
import type { Workspace } from "../shared/workspace.ts"

const revisions = ["2025-06-18", "2025-03-26", "2024-11-05"]

const tool = {
  name: "get_context",
  title: "Code context",
  description: "Signatures and code of other files of the project that matter at a place in a file: what the file " +
    "imports, inherits and mentions, and code like that around the place.",
  inputSchema: {
    type: "object",
    properties: {
      filepath: { type: "string", description: "Path of the file, absolute or from the project's root" },
      content: { type: "string", description: "Text of the file as it is now" },
      position: {
        type: "object",
        description: "The place, counted from 0; the middle of the file when left out",
        properties: { line: { type: "integer" }, character: { type: "integer" } },
        required: ["line", "character"]
      },
      budget: { type: "integer", description: "Characters of context at the most; 4096 when left out" }
    },
    required: ["filepath", "content"]
  },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }
}

/** Clients that name no sources get both. */
const defaults: Defaults = { hasChunks: true, encoding: undefined }

/** A session that speaks MCP about one project, which is opened when the tool is called first. */
export const mcpSession = (version: string, workspace: Effect.Effect<Workspace, Error>): ContextSession => {
  const call = Effect.fnUntraced(function*(params: unknown) {
    if (!isRecord(params) || params["name"] !== tool.name) {
      return yield* Effect.fail(new Refused(ErrorCode.InvalidParams, "unknown tool"))
    }
    return yield* Effect.gen(function*() {
      const project = yield* workspace
      const answer = yield* Effect.flatMap(
        refusing(() => {
          const asked: ContextQuestion = readParams(GetContext, true)(params["arguments"])
          const place = placeAsked(asked, project.pathOf, new Map(), defaults)
          return requestFor(asked, place, defaults, styleNamed(undefined, place.path))
        }),
        (request) => project.context(new Map(), request)
      )
      return { content: [{ type: "text", text: answer.text }], isError: false }
    }).pipe(
      // What a tool cannot do is its answer, so that the model reads it.
      Effect.catchAll(({ message }) => Effect.succeed({ content: [{ type: "text", text: message }], isError: true }))
    )
  })

  return {
    answer: ({ method, params }) => {
      switch (method) {
        case "initialize": {
          const asked = isRecord(params) ? params["protocolVersion"] : undefined
          const protocolVersion = revisions.find((revision) => revision === asked) ?? revisions[0]
          return Effect.succeed({
            protocolVersion,
            capabilities: { tools: {} },
            serverInfo: { name: "retrace", title: "Retrace", version }
          })
        }
        case "ping":
          return Effect.succeed({})
        case "tools/list":
          return Effect.succeed({ tools: [tool] })
        case "tools/call":
          return call(params)
        default:
          return Effect.fail(new Refused(ErrorCode.UnknownMethod, `unknown method: ${method.slice(0, 100)}`))
      }
    },
    take: () => Effect.void,
    isNegotiated: () => true,
    isOver: () => false,
    subjectOf: () => undefined
  }
}
