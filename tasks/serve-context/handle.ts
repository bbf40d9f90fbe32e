/** What the command does once its flags are read. */
import { setFlagsFromString } from "node:v8"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import type { AnswersTo } from "../shared/asked/asked.ts"
import { indexLayers } from "../shared/layers.ts"
import { WrongUsage } from "../shared/problems.ts"
import { Tool } from "../shared/tool.ts"
import { mcpSession } from "./mcp.ts"
import type { asked } from "./asked.ts"
import { serve } from "./serve.ts"
import { openSession, type SessionSettings } from "./session.ts"
import { listen, standardStreams } from "./transport.ts"
import { openWorkspace, type WorkspaceOptions } from "../shared/workspace.ts"
import { makeWorkspaces } from "./workspaces.ts"

type ServeAnswers = AnswersTo<typeof asked>

export const handle = (answers: ServeAnswers) =>
  Effect.scoped(Effect.gen(function*() {
    // The index is most of the heap and stays: looking for garbage in it again and again is what keystrokes would wait for.
    setFlagsFromString("--heap-growing-percent=150")
    const modes = [answers.socket !== undefined, answers.mcp, answers.proxyInfill !== undefined]
    if (modes.filter((isOn) => isOn).length > 1) {
      return yield* new WrongUsage({
        detail: "Cannot serve in two ways at once: pass one of --socket, --mcp, --proxy-infill"
      })
    }
    if ((answers.proxyInfill === undefined) !== (answers.listen === undefined)) {
      return yield* new WrongUsage({ detail: "Cannot use only one of --proxy-infill and --listen: pass both" })
    }
    const settings = yield* settingsOf(answers)
    if (answers.proxyInfill !== undefined && answers.listen !== undefined) {
      return yield* standBefore(answers, settings, answers.proxyInfill, answers.listen)
    }
    if (answers.mcp) {
      const context = yield* Effect.context<Effect.Effect.Context<ReturnType<typeof opening>>>()
      const workspace = yield* Effect.cached(Effect.provide(opening(answers, settings), context))
      return yield* serve(yield* standardStreams, mcpSession(settings.version, workspace))
    }
    const workspaces = yield* makeWorkspaces
    if (answers.socket !== undefined) {
      return yield* listen(answers.socket, (connection) =>
        Effect.scoped(Effect.flatMap(openSession(settings, workspaces), (session) =>
          serve(connection, session))))
    }
    return yield* serve(yield* standardStreams, yield* openSession(settings, workspaces))
  })).pipe(Effect.provide(indexLayers(answers.concurrency)))

const settingsOf = Effect.fnUntraced(function*(answers: ServeAnswers) {
  const path = yield* Path.Path
  const { cacheFolder, version } = yield* Tool
  const settings: SessionSettings = {
    errorCodes: answers.errorCodes,
    weighting: answers.bm25Weighting,
    isWatched: answers.watch,
    snapshots: answers.cache && cacheFolder !== null ? path.join(cacheFolder, "indexes") : null,
    version
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
  function*(answers: ServeAnswers, settings: SessionSettings, target: string, port: number) {
    if (!/^https?:\/\/./.test(target)) {
      return yield* new WrongUsage({
        detail: `Cannot use --proxy-infill ${target}: it takes a URL such as http://127.0.0.1:8012`
      })
    }
    const workspace = yield* opening(answers, settings)
    const { serveProxy } = yield* Effect.promise(() => import("./proxy.ts"))
    return yield* serveProxy(target.replace(/\/+$/, ""), port, workspace)
  }
)
