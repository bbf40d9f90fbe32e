/**
 * The project as tools of the Model Context Protocol: JSON-RPC on lines, as everywhere here. Clients of the revisions until
 * 2025-11-25 shake hands first; those of 2026-07-28 say with each request which revision they speak.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { type ModelTool, modelTools } from "./mcp-tools.ts"
import { ErrorCode, isRecord, Refused, type RpcRequest } from "./protocol.ts"
import type { ContextSession, Notify } from "./session.ts"
import type { Workspace } from "../shared/workspace.ts"

/** The revision without a handshake, and those with one, newest first. */
const modern = "2026-07-28"
const handshakes: ReadonlyArray<string> = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07"]

/** An error of the protocol's own since 2026-07-28. */
const unsupportedVersion = -32022

const metaKey = (name: string): string => `io.modelcontextprotocol/${name}`

/** The tools are the same for as long as this process runs, but their texts may name a folder of this user. */
const caching = { ttlMs: 3_600_000, cacheScope: "private" }

export interface McpOptions {
  readonly version: string
  /** The folder that the project is in. */
  readonly root: string
}

/** A session that speaks MCP about one project, which is opened when a tool is called first. */
export const mcpSession = Effect.fnUntraced(function*(
  { root, version }: McpOptions,
  workspace: Effect.Effect<Workspace, Error>
) {
  const scope = yield* Effect.scope
  // A call that is taken back must not take the project with it.
  const opening = yield* Effect.cached(Effect.forkIn(workspace, scope))
  const project = Effect.flatMap(opening, Fiber.join)
  const server = { name: "retrace", title: "Retrace", version }
  const instructions =
    `Answers about the code in ${root}: context of a place, definitions of a name, the outline of a ` +
    "file, and search. Paths are absolute or from that folder. Nothing is changed."

  const call = (tool: ModelTool, given: unknown) =>
    Effect.flatMap(project, (opened) => tool.call(opened, root, given)).pipe(
      Effect.map(({ structured, text }) => ({
        content: [{ type: "text", text }],
        structuredContent: structured,
        isError: false
      })),
      // What a tool cannot do is its answer, so that the model reads it.
      Effect.catchAll(({ message }) => Effect.succeed({ content: [{ type: "text", text: message }], isError: true }))
    )

  /** What every revision answers alike; undefined for a method that none of them has. */
  const shared = ({ method, params }: RpcRequest): Effect.Effect<object, Refused> | undefined => {
    if (method === "tools/list") return Effect.succeed({ tools: modelTools.map(({ told }) => told) })
    if (method !== "tools/call") return undefined
    const { arguments: given, name }: Readonly<Record<string, unknown>> = isRecord(params) ? params : {}
    const tool = modelTools.find(({ told }) => told.name === name)
    return tool === undefined
      ? refused(ErrorCode.InvalidParams, `unknown tool: ${String(name).slice(0, 100)}`)
      : call(tool, given)
  }

  const afterHandshake = (request: RpcRequest): Effect.Effect<object, Refused> => {
    switch (request.method) {
      case "initialize": {
        const asked = isRecord(request.params) ? request.params["protocolVersion"] : undefined
        const protocolVersion = handshakes.find((revision) => revision === asked) ?? handshakes[0]
        return Effect.succeed({ protocolVersion, capabilities: { tools: {} }, serverInfo: server, instructions })
      }
      case "ping":
        return Effect.succeed({})
      default:
        return shared(request) ?? unknownMethod(request)
    }
  }

  const withoutHandshake = (request: RpcRequest, notify: Notify): Effect.Effect<object, Refused> => {
    switch (request.method) {
      case "server/discover":
        return Effect.succeed({
          supportedVersions: [modern, ...handshakes],
          capabilities: { tools: {} },
          instructions,
          ...caching
        })
      case "subscriptions/listen": {
        // The tools never change, so there is nothing to tell, and what there is to tell is over.
        const subscription = { [metaKey("subscriptionId")]: request.id }
        return Effect.as(
          notify("notifications/subscriptions/acknowledged", { _meta: subscription, notifications: {} }),
          { _meta: subscription }
        )
      }
      case "tools/list":
        return Effect.map(shared(request) ?? unknownMethod(request), (listed) => ({ ...listed, ...caching }))
      default:
        return shared(request) ?? unknownMethod(request)
    }
  }

  const session: ContextSession = {
    answer: (request, _, notify) => {
      const meta = isRecord(request.params) && isRecord(request.params["_meta"]) ? request.params["_meta"] : {}
      const asked = meta[metaKey("protocolVersion")] ?? undefined
      if (asked === undefined && request.method !== "server/discover") return afterHandshake(request)
      if (typeof asked !== "string" || !isRecord(meta[metaKey("clientCapabilities")])) {
        return refused(
          ErrorCode.InvalidParams,
          "invalid params: _meta names no protocolVersion, or no clientCapabilities"
        )
      }
      if (asked !== modern) {
        const data = { supported: [modern, ...handshakes], requested: asked }
        return Effect.fail(new Refused(unsupportedVersion, "unsupported protocol version", data))
      }
      return Effect.map(withoutHandshake(request, notify), (result) => ({
        resultType: "complete",
        ...result,
        _meta: { [metaKey("serverInfo")]: server, ...("_meta" in result ? result._meta ?? {} : {}) }
      }))
    },
    begin: () => undefined,
    take: () => Effect.void,
    isNegotiated: () => true,
    isOver: () => false,
    isBrokenOff: () => false,
    orphaned: Effect.never,
    answersCancelled: false,
    subjectOf: () => undefined
  }
  return session
})

const refused = (code: number, message: string) => Effect.fail(new Refused(code, message))

const unknownMethod = ({ method }: RpcRequest) =>
  refused(ErrorCode.UnknownMethod, `unknown method: ${method.slice(0, 100)}`)
