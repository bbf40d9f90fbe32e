/** What the command does once its flags are read. */
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { setFlagsFromString } from "node:v8"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"
import type { AnswersTo } from "../shared/asked/asked.ts"
import { indexLayers } from "../shared/layers.ts"
import { WrongUsage } from "../shared/problems.ts"
import { Screen } from "../shared/terminal.ts"
import { Tool } from "../shared/tool.ts"
import { mcpSession } from "./mcp.ts"
import type { asked } from "./asked.ts"
import { editModelFor } from "./next-edit/model-asked.ts"
import { serve } from "./serve.ts"
import { openSession, type SessionSettings } from "./session.ts"
import { listen, standardStreams } from "./transport.ts"
import { openWorkspace, type WorkspaceOptions } from "../shared/workspace.ts"
import { makeWorkspaces } from "./workspaces.ts"

/** The client ended the server without having shut it down, which the Language Server Protocol has end with 1. */
class BrokenOff extends Schema.TaggedError<BrokenOff>()("BrokenOff", {}) {
  readonly exitCode = ExitCode.BrokenOff
  readonly isExpected = true
  override get message() {
    return "Ended by \"exit\" before \"shutdown\""
  }
}

type ServeAnswers = AnswersTo<typeof asked>

export const handle = (answers: ServeAnswers) =>
  Effect.scoped(Effect.gen(function*() {
    // The index is most of the heap and stays: looking for garbage in it again and again is what keystrokes would wait for.
    setFlagsFromString("--heap-growing-percent=150")
    const { proxyInfill, proxyNextEdit } = answers
    const modes = [answers.socket !== undefined, answers.mcp, proxyInfill !== undefined, proxyNextEdit !== undefined]
    if (modes.filter((isOn) => isOn).length > 1) {
      return yield* new WrongUsage({
        detail: "Cannot serve in two ways at once: pass one of --socket, --mcp, --proxy-infill, --proxy-next-edit"
      })
    }
    const target = proxyInfill ?? proxyNextEdit
    const flag = proxyNextEdit === undefined ? "--proxy-infill" : "--proxy-next-edit"
    if ((target === undefined) !== (answers.listen === undefined)) {
      return yield* new WrongUsage({ detail: `Cannot use only one of ${flag} and --listen: pass both` })
    }
    if (answers.nextEdit !== undefined && (answers.mcp || target !== undefined)) {
      const other = answers.mcp ? "--mcp" : flag
      return yield* new WrongUsage({ detail: `Cannot use --next-edit with ${other}: only editors are offered edits` })
    }
    const settings = yield* settingsOf(answers)
    if (target !== undefined && answers.listen !== undefined) {
      return yield* standBefore(answers, settings, { target, flag, port: answers.listen })
    }
    if (answers.mcp) {
      const context = yield* Effect.context<Effect.Effect.Context<ReturnType<typeof opening>>>()
      const workspace = Effect.provide(opening(answers, settings), context)
      const root = (yield* Path.Path).resolve(answers.root)
      yield* tellOfRoot(answers, root)
      return yield* serve(yield* standardStreams, yield* mcpSession({ root, version: settings.version }, workspace))
    }
    const edits = yield* editModelFor(answers)
    const workspaces = yield* makeWorkspaces
    if (answers.socket !== undefined) {
      return yield* listen(answers.socket, (connection) =>
        Effect.scoped(Effect.flatMap(openSession({ ...settings, edits }, workspaces), (session) =>
          serve(connection, session))))
    }
    const session = yield* openSession({ ...settings, edits }, workspaces)
    yield* serve(yield* standardStreams, session)
    if (session.isBrokenOff()) {
      return yield* new BrokenOff()
    }
  })).pipe(Effect.provide(indexLayers(answers.concurrency)))

const settingsOf = Effect.fnUntraced(function*(answers: ServeAnswers) {
  const path = yield* Path.Path
  const { cacheFolder, version } = yield* Tool
  const settings: SessionSettings = {
    errorCodes: answers.errorCodes,
    weighting: answers.bm25Weighting,
    isWatched: answers.watch,
    snapshots: answers.cache && cacheFolder !== null ? path.join(cacheFolder, "indexes") : null,
    version,
    edits: null
  }
  return settings
})

/** The project of --root, to be opened for the scope it is opened in. */
const opening = Effect.fnUntraced(function*(answers: ServeAnswers, settings: SessionSettings) {
  const path = yield* Path.Path
  const options: WorkspaceOptions = {
    weighting: settings.weighting,
    isWatched: settings.isWatched,
    snapshots: settings.snapshots,
    version: settings.version,
    root: path.resolve(answers.root),
    includePaths: answers.includePaths.map((folder) => path.resolve(folder)),
    language: null
  }
  return yield* openWorkspace(options, () => Effect.void)
})

const standBefore = Effect.fnUntraced(
  function*(
    answers: ServeAnswers,
    settings: SessionSettings,
    { flag, port, target }: { readonly target: string; readonly flag: string; readonly port: number }
  ) {
    const detail = reasonAgainstTarget(target, port)
    if (detail !== undefined) return yield* new WrongUsage({ detail: `Cannot use ${flag}: ${detail}` })
    const root = (yield* Path.Path).resolve(answers.root)
    yield* tellOfRoot(answers, root)
    const workspace = yield* opening(answers, settings)
    const { serveProxy } = yield* Effect.promise(() => import("./proxy.ts"))
    const { origin, pathname } = new URL(target)
    const options = { target: origin + pathname.replace(/\/+$/, ""), port, root }
    if (answers.proxyNextEdit === undefined) return yield* serveProxy(options, workspace)
    const { editRules } = yield* Effect.promise(() => import("./next-edit/edit-proxy.ts"))
    return yield* serveProxy(options, workspace, editRules(workspace))
  }
)

const usualPorts: ReadonlyMap<string, number> = new Map([["http:", 80], ["https:", 443]])

/** Nothing of a URL that may hold a secret is repeated. */
const reasonAgainstTarget = (target: string, port: number): string | undefined => {
  const url = /^https?:\/\/./i.test(target) && URL.canParse(target) ? new URL(target) : undefined
  if (url === undefined) {
    return `it takes a URL such as http://127.0.0.1:8012${target.includes("@") ? "" : `, and not "${target}"`}`
  }
  if (url.username !== "" || url.password !== "") {
    return "a name or password in its URL can be read by every program of this machine; leave it out, and let the editor " +
      "send the header Authorization, which is passed on"
  }
  if (url.search !== "" || url.hash !== "") return "leave out what stands behind the path of its URL"
  const isHere = /^(?:localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\])$/.test(url.hostname)
  return isHere && Number(url.port || usualPorts.get(url.protocol)) === port
    ? "its URL leads back to --listen: pass another port to one of them"
    : undefined
}

/** Where nobody named a folder, and the one at hand looks like no project, it is said before it is read. */
const tellOfRoot = Effect.fnUntraced(function*({ root }: ServeAnswers, folder: string) {
  if (root !== "." || isInRepository(folder)) return
  const screen = yield* Screen
  yield* screen.note(`Indexing "${folder}", which lies in no git repository: pass --root for another folder\n`)
})

const isInRepository = (folder: string): boolean =>
  existsSync(join(folder, ".git")) || (dirname(folder) !== folder && isInRepository(dirname(folder)))
