/** One client's conversation: what it opened, what it asks, what it is answered. Transport and order are not its matter. */
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { Ledger } from "../../services/rows/ledger.ts"
import { languageNamed } from "../../services/text/language.ts"
import { styleNamed } from "../../services/formats/context-style.ts"
import { placeAsked, requestFor } from "./ask.ts"
import { makeDocuments } from "./documents.ts"
import { type Framing, renderFrame } from "./framing.ts"
import type { OffsetEncoding } from "./place.ts"
import { presetFor, promptFor } from "./prompt.ts"
import { ErrorCode, isRecord, Refused, refusing, type RpcNotification, type RpcRequest } from "./protocol.ts"
import { GetContext, Initialize, Prompt, readParams } from "./requests.ts"
import type { IndexingListener, Workspace, WorkspaceOptions } from "../shared/workspace.ts"
import type { Workspaces } from "./workspaces.ts"

export interface SessionSettings {
  /** "original": -32000 where no project is open, as its program answers; "readme": -1, as its README says. */
  readonly errorCodes: "original" | "readme"
  readonly weighting: WorkspaceOptions["weighting"]
  readonly isWatched: boolean
  readonly snapshots: string | null
  readonly version: string
}

/** Sends a notification to the client. */
export type Notify = (method: string, params: unknown) => Effect.Effect<void>

export interface ContextSession {
  /** Answers a request; fails with Refused where the answer is an error. */
  readonly answer: (request: RpcRequest, framing: Framing, notify: Notify) => Effect.Effect<unknown, Refused>
  readonly take: (notification: RpcNotification) => Effect.Effect<void>
  /** Whether the client spoke of its capabilities, as clients of the Language Server Protocol do. */
  readonly isNegotiated: () => boolean
  /** Whether the client said that it is done. */
  readonly isOver: () => boolean
  /** What tells requests apart that make each other needless: those for the context of one file. */
  readonly subjectOf: (request: RpcRequest) => string | undefined
}

/** Bytes of one line at the most: the original's clients read a chunk at a time. */
const longestLine = 60_000

/** A line tells of indexing this often; milliseconds. */
const progressMillis = 100

export const openSession = Effect.fn("serveContext.openSession")(
  function*(settings: SessionSettings, workspaces: Workspaces) {
    const path = yield* Path.Path
    const state = {
      workspace: undefined as Workspace | undefined,
      scope: undefined as Scope.CloseableScope | undefined,
      root: "",
      hasChunks: false,
      isNegotiated: false,
      encoding: undefined as OffsetEncoding | undefined,
      isOver: false
    }
    const documents = makeDocuments(() => state.encoding ?? "utf-16")
    yield* Effect.addFinalizer(() => state.scope === undefined ? Effect.void : Scope.close(state.scope, Exit.void))

    const initialize = Effect.fnUntraced(function*(params: unknown, notify: Notify) {
      state.isNegotiated = isRecord(params) && isRecord(params["capabilities"])
      const asked = yield* refusing(() => readParams(Initialize, state.isNegotiated)(params))
      const root = rootOf(asked)
      if (root === undefined) return yield* refused("invalid params: project_root is missing")
      if (asked.language !== undefined && asked.language !== null && languageNamed(asked.language) === undefined) {
        return yield* refused(`invalid params: "${asked.language}" is no language we know`)
      }
      const options: WorkspaceOptions = {
        weighting: settings.weighting,
        isWatched: settings.isWatched,
        snapshots: settings.snapshots,
        version: settings.version,
        root: path.resolve(root),
        includePaths: (asked.include_paths ?? []).map((folder) => path.resolve(folder)),
        language: asked.language ?? null
      }
      const scope = yield* Scope.make()
      const token = asked.workDoneToken
      const tell = (value: unknown) => token === undefined ? Effect.void : notify("$/progress", { token, value })
      yield* tell({ kind: "begin", title: "Indexing", percentage: 0 })
      const opening = Effect.provideService(workspaces.open(options, listener(tell)), Scope.Scope, scope)
      const opened = yield* Effect.onInterrupt(opening, () => Scope.close(scope, Exit.void)).pipe(Effect.either)
      if (opened._tag === "Left") {
        yield* Scope.close(scope, Exit.void)
        return yield* refused(opened.left.message)
      }
      yield* tell({ kind: "end", message: summaryOf(opened.right.ledger) })
      // Only now the project that was open before is let go: a failed start leaves it as it was.
      if (state.scope !== undefined) yield* Scope.close(state.scope, Exit.void)
      const { right: workspace } = opened
      Object.assign(state, { workspace, scope, root: options.root, hasChunks: asked.bm25 === true, isOver: false })
      state.encoding = encodingOf(asked.capabilities)
      const { chunks, files } = workspace.size()
      const counts = { file_count: files, bm25_chunks: state.hasChunks ? chunks : 0 }
      return state.isNegotiated
        ? {
          ...counts,
          capabilities: {
            positionEncoding: state.encoding ?? "utf-16",
            textDocumentSync: { openClose: true, change: 2, save: false }
          },
          serverInfo: { name: "retrace", version: settings.version }
        }
        : counts
    })

    const opened = Effect.suspend(() =>
      state.workspace === undefined
        ? Effect.fail(new Refused(settings.errorCodes === "readme" ? -1 : ErrorCode.Server, "not initialized"))
        : Effect.succeed(state.workspace)
    )

    const getContext = Effect.fnUntraced(function*(params: unknown, framing: Framing, id: RpcRequest["id"]) {
      const workspace = yield* opened
      const asked = yield* refusing(() => readParams(GetContext, state.isNegotiated)(params))
      const place = yield* refusing(() => placeAsked(asked, workspace.pathOf, documents.texts, state))
      const request = requestFor(asked, place, state, styleNamed(asked.format, place.path))
      for (let { budget } = request;;) {
        const answer = yield* workspace.context(documents.texts, { ...request, budget })
        const result = asked.explain === true
          ? { context: answer.text, snippets: answer.snippets }
          : { context: answer.text }
        const length = framing === "lines" ? renderFrame({ jsonrpc: "2.0", id, result }, framing).length : 0
        if (length <= longestLine || budget === 0) return result
        budget = Math.floor(Math.min(budget, answer.text.length) * longestLine / length * 0.95)
      }
    })

    const prompt = Effect.fnUntraced(function*(params: unknown) {
      const workspace = yield* opened
      const asked = yield* refusing(() => readParams(Prompt, state.isNegotiated)(params))
      const place = yield* refusing(() => placeAsked(asked, workspace.pathOf, documents.texts, state))
      // llama.cpp takes files apart from their headers; the others take the text.
      const format = asked.backend === "mistral" ? "codestral" : presetFor(asked.format).name
      const request = requestFor(asked, place, state, styleNamed(format, place.path))
      const answer = yield* workspace.context(documents.texts, request)
      return promptFor(asked, place, answer, path.basename(state.root))
    })

    const session: ContextSession = {
      answer: (request, framing, notify) => {
        switch (request.method) {
          case "initialize":
            return initialize(request.params, notify)
          case "getContext":
          case "retrace/getContext":
            return getContext(request.params, framing, request.id)
          case "prompt":
          case "retrace/prompt":
            return prompt(request.params)
          case "shutdown":
            return Effect.sync(() => {
              // A client of the Language Server Protocol says "exit" when it has the answer.
              if (!state.isNegotiated) state.isOver = true
              return null
            })
          default:
            return Effect.fail(new Refused(ErrorCode.UnknownMethod, `unknown method: ${request.method.slice(0, 100)}`))
        }
      },
      take: ({ method, params }) =>
        Effect.suspend(() => {
          const { workspace } = state
          if (method === "exit") state.isOver = true
          if (workspace === undefined) return Effect.void
          if (method === "workspace/didChangeWatchedFiles") {
            const changes = isRecord(params) && Array.isArray(params["changes"]) ? params["changes"] : []
            return workspace.refresh(
              changes.flatMap((change) =>
                isRecord(change) && typeof change["uri"] === "string" ? [workspace.pathOf(change["uri"])] : []
              )
            )
          }
          return documents.follow(method, params, workspace.pathOf)
        }),
      isNegotiated: () => state.isNegotiated,
      isOver: () => state.isOver,
      subjectOf: ({ method, params }) => {
        if (method !== "getContext" || !state.isNegotiated || !isRecord(params)) return undefined
        const document = params["textDocument"]
        const location = params["filepath"] ?? params["uri"] ?? (isRecord(document) ? document["uri"] : undefined)
        return typeof location === "string" ? location : undefined
      }
    }
    return session
  }
)

const listener = (tell: (value: unknown) => Effect.Effect<void>): IndexingListener => {
  let told = 0
  return (done, of) =>
    Effect.clockWith((clock) =>
      Effect.flatMap(clock.currentTimeMillis, (now) => {
        if (now - told < progressMillis) return Effect.void
        told = now
        return tell({
          kind: "report",
          percentage: Math.floor(100 * done / Math.max(1, of)),
          message: `${done}/${of} files`
        })
      })
    )
}

/** How many files are indexed, and why the others are not. */
const summaryOf = ({ files }: Ledger): string => {
  const reasons = Object.entries(files?.leftOut ?? {}).sort(([, a], [, b]) => b - a)
  const leftOut = reasons.map(([reason, count]) => `${count} ${reason}`).join(", ")
  return `${files?.kept ?? 0} files indexed${leftOut === "" ? "" : `; left out: ${leftOut}`}`
}

const rootOf = (asked: typeof Initialize.Type): string | undefined => {
  const uri = asked.rootUri ?? asked.workspaceFolders?.[0]?.uri
  const root = asked.project_root ?? (uri?.startsWith("file:") === true ? fromUri(uri) : undefined) ?? asked.rootPath
  return root === null || root === "" ? undefined : root
}

const fromUri = (uri: string): string | undefined => {
  try {
    return decodeURIComponent(new URL(uri).pathname)
  } catch {
    return undefined
  }
}

/** The first encoding of the client's that we know; undefined when it names none. */
const encodingOf = (capabilities: unknown): OffsetEncoding | undefined => {
  const general = isRecord(capabilities) ? capabilities["general"] : undefined
  const encodings = isRecord(general) ? general["positionEncodings"] : undefined
  const isKnown = (encoding: unknown): encoding is OffsetEncoding =>
    encoding === "utf-8" || encoding === "utf-16" || encoding === "utf-32"
  return Array.isArray(encodings) ? encodings.find(isKnown) : undefined
}

const refused = (message: string) => Effect.fail(new Refused(ErrorCode.Server, message))
