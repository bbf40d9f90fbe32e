/** One client's conversation: what it opened, what it asks, what it is answered. Transport and order are not its matter. */
import { tmpdir } from "node:os"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberHandle from "effect/FiberHandle"
import * as Scope from "effect/Scope"
import { noTemporaryFolder } from "../../services/faults/temporary-folder.ts"
import { languageNamed } from "../../services/text/language.ts"
import { styleNamed } from "../../services/formats/context-style.ts"
import { placeAsked, requestFor } from "./ask.ts"
import { endOf } from "./client-process.ts"
import { type Documents, makeDocuments } from "./documents.ts"
import { type Framing, renderFrame } from "./framing.ts"
import { encodingOf, listener, rootOf, summaryOf } from "./initialize.ts"
import { acceptCommand, copilotEdits, inlineCompletions } from "./next-edit/answers.ts"
import type { EditModel } from "./next-edit/edit-model.ts"
import { makeNextEdits, type NextEdits } from "./next-edit/next-edits.ts"
import type { OffsetEncoding } from "./place.ts"
import { presetFor, promptFor, promptHolds } from "./prompt.ts"
import { ErrorCode, isRecord, Refused, refusing, type RpcNotification, type RpcRequest } from "./protocol.ts"
import {
  CopilotInlineEdit,
  ExecuteCommand,
  GetContext,
  Initialize,
  InlineCompletion,
  Prompt,
  readParams
} from "./requests.ts"
import type { Workspace, WorkspaceOptions } from "../shared/workspace.ts"
import type { Workspaces } from "./workspaces.ts"

export interface SessionSettings {
  /** "original": -32000 where no project is open, as its program answers; "readme": -1, as its README says. */
  readonly errorCodes: "original" | "readme"
  readonly weighting: WorkspaceOptions["weighting"]
  readonly isWatched: boolean
  readonly snapshots: string | null
  readonly version: string
  /** The model that proposes edits, or null for none. */
  readonly edits: EditModel | null
}

/** Sends a notification to the client. */
export type Notify = (method: string, params: unknown) => Effect.Effect<void>

export interface ContextSession {
  /** Answers a request; fails with Refused where the answer is an error. */
  readonly answer: (request: RpcRequest, framing: Framing, notify: Notify) => Effect.Effect<unknown, Refused>
  /**
   * Begins to answer a request that others need not wait for: what is there now is taken in at once, and the effect within
   * gives the answer. Undefined for a request that is answered in its turn.
   */
  readonly begin: (
    request: RpcRequest,
    framing: Framing
  ) => Effect.Effect<Effect.Effect<unknown>, Refused> | undefined
  readonly take: (notification: RpcNotification) => Effect.Effect<void>
  /** Whether the client spoke of its capabilities, as clients of the Language Server Protocol do. */
  readonly isNegotiated: () => boolean
  /** Whether the client said that it is done. */
  readonly isOver: () => boolean
  /** Whether it said so without having asked for it before, which the Language Server Protocol calls an error. */
  readonly isBrokenOff: () => boolean
  /** Ends when the process that the client said it is has ended. */
  readonly orphaned: Effect.Effect<void>
  /** Whether a request that was taken back is answered, with an error. */
  readonly answersCancelled: boolean
  /** What tells requests apart that make each other needless: those for the context of one file. */
  readonly subjectOf: (request: RpcRequest) => string | undefined
}

/** Bytes of one line at the most: the original's clients read a chunk at a time. */
const longestLine = 60_000

export const openSession = Effect.fn("serveContext.openSession")(
  function*(settings: SessionSettings, workspaces: Workspaces) {
    const path = yield* Path.Path
    const fs = yield* FileSystem.FileSystem
    const emptyFolder = fs.makeTempDirectoryScoped({ prefix: "no-folder-" })
    const state = {
      workspace: undefined as Workspace | undefined,
      scope: undefined as Scope.CloseableScope | undefined,
      root: "",
      hasChunks: false,
      isAsked: false,
      isNegotiated: false,
      isShutDown: false,
      encoding: undefined as OffsetEncoding | undefined,
      isOver: false,
      isBrokenOff: false
    }
    const orphaned = yield* Deferred.make<void>()
    const watching = yield* FiberHandle.make()
    const encoding = () => state.encoding ?? "utf-16"
    const edits = settings.edits === null
      ? undefined
      : yield* makeNextEdits(settings.edits, () => documents, () => state.workspace)
    const documents: Documents = makeDocuments(encoding, undefined, edits?.heard)
    yield* Effect.addFinalizer(() => state.scope === undefined ? Effect.void : Scope.close(state.scope, Exit.void))

    const initialize = Effect.fnUntraced(function*(params: unknown, notify: Notify) {
      state.isAsked = true
      state.isNegotiated = isRecord(params) && (params["capabilities"] ?? undefined) !== undefined
      const asked = yield* refusing(() => readParams(Initialize, state.isNegotiated)(params))
      if (typeof asked.processId === "number") {
        yield* FiberHandle.run(watching, Effect.zipRight(endOf(asked.processId), Deferred.succeed(orphaned, undefined)))
      }
      const named = rootOf(asked)
      // The original's clients forgot it; those of the Language Server Protocol have no folder open.
      if (named === undefined && !state.isNegotiated) return yield* refused("invalid params: project_root is missing")
      if (asked.language !== undefined && languageNamed(asked.language) === undefined) {
        return yield* refused(`invalid params: "${asked.language}" is no language we know`)
      }
      const scope = yield* Scope.make()
      const root = named ?? (yield* emptyFolder.pipe(
        Effect.provideService(Scope.Scope, scope),
        Effect.catchAll((cause) => refused(noTemporaryFolder(tmpdir(), cause)))
      ))
      const options: WorkspaceOptions = {
        weighting: settings.weighting,
        isWatched: settings.isWatched && named !== undefined,
        snapshots: named === undefined ? null : settings.snapshots,
        version: settings.version,
        root: path.resolve(root),
        includePaths: (asked.include_paths ?? []).map((folder) => path.resolve(folder)),
        language: asked.language ?? null
      }
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
            positionEncoding: encoding(),
            textDocumentSync: { openClose: true, change: 2, save: false },
            ...(edits === undefined
              ? {}
              : { inlineCompletionProvider: true, executeCommandProvider: { commands: [acceptCommand] } })
          },
          serverInfo: { name: "retrace", version: settings.version }
        }
        : counts
    })

    const opened = Effect.suspend(() => {
      if (state.workspace !== undefined) return Effect.succeed(state.workspace)
      const plain = settings.errorCodes === "readme" ? -1 : ErrorCode.Server
      return Effect.fail(new Refused(state.isNegotiated ? ErrorCode.NotInitialized : plain, "not initialized"))
    })

    /** Why a client of the Language Server Protocol, which headers tell before it says so, may not ask this now. */
    const reasonAgainst = (method: string, framing: Framing): Refused | undefined => {
      if (state.isShutDown) return new Refused(ErrorCode.InvalidRequest, "the server is shut down")
      return framing === "headers" && !state.isAsked && method !== "initialize"
        ? new Refused(ErrorCode.NotInitialized, "not initialized")
        : undefined
    }

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
      const holds = asked.holds ?? promptHolds(asked, request.budget)
      const answer = yield* workspace.context(documents.texts, { ...request, holds })
      return promptFor(asked, place, answer, path.basename(state.root))
    })

    const inlineCompletion = Effect.fnUntraced(function*(params: unknown, { begin }: NextEdits) {
      const workspace = yield* opened
      const asked = yield* refusing(() => readParams(InlineCompletion, state.isNegotiated)(params))
      const { position, textDocument: { uri } } = asked
      const selected = asked.context?.selectedCompletionInfo ?? undefined
      const finding = yield* begin(workspace, { uri, version: undefined, position, encoding: encoding() })
      return Effect.map(finding, (found) => inlineCompletions(found, encoding(), selected))
    })

    const copilotInlineEdit = Effect.fnUntraced(function*(params: unknown, { begin }: NextEdits) {
      const workspace = yield* opened
      const { position, textDocument: { uri, version } } = yield* refusing(() =>
        readParams(CopilotInlineEdit, state.isNegotiated)(params)
      )
      const finding = yield* begin(workspace, { uri, version: version ?? undefined, position, encoding: encoding() })
      return Effect.map(finding, (found) => copilotEdits(found, encoding()))
    })

    /** An edit that was taken comes back as a change of its buffer: there is nothing left to do. */
    const executeCommand = (params: unknown) =>
      Effect.flatMap(
        refusing(() => readParams(ExecuteCommand, state.isNegotiated)(params)),
        ({ command }) =>
          command === acceptCommand
            ? Effect.succeed(null)
            : Effect.fail(new Refused(ErrorCode.InvalidParams, `unknown command: ${command.slice(0, 100)}`))
      )

    const unknown = (method: string) =>
      Effect.fail(new Refused(ErrorCode.UnknownMethod, `unknown method: ${method.slice(0, 100)}`))

    const session: ContextSession = {
      begin: ({ method, params }, framing) => {
        if (edits === undefined) return undefined
        const against = reasonAgainst(method, framing)
        // What the session refuses altogether is refused in its turn.
        if (against !== undefined) return undefined
        switch (method) {
          case "textDocument/inlineCompletion":
            return inlineCompletion(params, edits)
          case "textDocument/copilotInlineEdit":
            return copilotInlineEdit(params, edits)
          default:
            return undefined
        }
      },
      answer: (request, framing, notify) => {
        const against = reasonAgainst(request.method, framing)
        if (against !== undefined) return Effect.fail(against)
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
              if (state.isNegotiated) state.isShutDown = true
              else state.isOver = true
              return null
            })
          case "workspace/executeCommand":
            return edits === undefined ? unknown(request.method) : executeCommand(request.params)
          default:
            return unknown(request.method)
        }
      },
      take: ({ method, params }) =>
        Effect.suspend(() => {
          const { workspace } = state
          if (method === "exit") {
            state.isOver = true
            state.isBrokenOff = !state.isShutDown
          }
          if (workspace === undefined || state.isShutDown) return Effect.void
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
      isBrokenOff: () => state.isBrokenOff,
      orphaned: Deferred.await(orphaned),
      answersCancelled: true,
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

const refused = (message: string) => Effect.fail(new Refused(ErrorCode.Server, message))
