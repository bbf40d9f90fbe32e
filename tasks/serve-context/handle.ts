/** What the command does once its flags are read. */
import { setFlagsFromString } from "node:v8"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpServer from "@effect/platform/HttpServer"
import * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { indexLayers } from "../shared/layers.ts"
import { WrongUsage } from "../shared/problems.ts"
import { Screen } from "../shared/terminal.ts"
import { Tool } from "../shared/tool.ts"
import { mcpSession } from "./mcp.ts"
import type { ServeFlags } from "./options.ts"
import { checkPort } from "../shared/port.ts"
import { CannotListen } from "./problems.ts"
import { proxyApp } from "./proxy.ts"
import { serve } from "./serve.ts"
import { openSession, type SessionSettings } from "./session.ts"
import { listen, standardStreams } from "./transport.ts"
import { openWorkspace, type WorkspaceOptions } from "../shared/workspace.ts"
import { makeWorkspaces } from "./workspaces.ts"

export type CommandFlags = ServeFlags & { readonly concurrency: Option.Option<number> }

export const handle = (flags: CommandFlags) =>
  Effect.scoped(Effect.gen(function*() {
    // The index is most of the heap and stays: looking for garbage in it again and again is what keystrokes would wait for.
    setFlagsFromString("--heap-growing-percent=150")
    const modes = [Option.isSome(flags.socket), flags.mcp, Option.isSome(flags.proxyInfill)]
    if (modes.filter((isOn) => isOn).length > 1) {
      return yield* new WrongUsage({
        detail: "Cannot serve in two ways at once: pass one of --socket, --mcp, --proxy-infill"
      })
    }
    if (Option.isSome(flags.proxyInfill) !== Option.isSome(flags.listen)) {
      return yield* new WrongUsage({ detail: "Cannot stand before a server so: pass both --proxy-infill and --listen" })
    }
    const settings = yield* settingsOf(flags)
    if (Option.isSome(flags.proxyInfill) && Option.isSome(flags.listen)) {
      return yield* serveProxy(flags, settings, flags.proxyInfill.value, flags.listen.value)
    }
    if (flags.mcp) {
      const context = yield* Effect.context<Effect.Effect.Context<ReturnType<typeof opening>>>()
      const workspace = yield* Effect.cached(Effect.provide(opening(flags, settings), context))
      return yield* serve(yield* standardStreams, mcpSession(settings.version, workspace))
    }
    const workspaces = yield* makeWorkspaces
    if (Option.isSome(flags.socket)) {
      return yield* listen(flags.socket.value, (connection) =>
        Effect.scoped(Effect.flatMap(openSession(settings, workspaces), (session) =>
          serve(connection, session))))
    }
    return yield* serve(yield* standardStreams, yield* openSession(settings, workspaces))
  })).pipe(Effect.provide(indexLayers(flags.concurrency)))

const settingsOf = Effect.fnUntraced(function*(flags: ServeFlags) {
  const path = yield* Path.Path
  const { version } = yield* Tool
  // The cache folder comes from the environment, which is a string or absent: no value of it fails.
  const home = yield* Effect.orDie(
    Config.string("XDG_CACHE_HOME").pipe(
      Config.orElse(() => Config.map(Config.string("HOME"), (folder) => path.join(folder, ".cache"))),
      Config.option
    )
  )
  const settings: SessionSettings = {
    errorCodes: flags.errorCodes === "readme" ? "readme" : "original",
    weighting: flags.bm25Weighting === "okapi" ? "okapi" : "lucene",
    isWatched: !flags.noWatch,
    snapshots: flags.noCache
      ? null
      : Option.getOrNull(Option.map(home, (folder) => path.join(folder, "retrace", "indexes"))),
    version
  }
  return settings
})

/** The project of --root, to be opened for the scope it is opened in. */
const opening = Effect.fnUntraced(function*(flags: ServeFlags, settings: SessionSettings) {
  const path = yield* Path.Path
  const options: WorkspaceOptions = {
    weighting: settings.weighting,
    isWatched: settings.isWatched,
    snapshots: settings.snapshots,
    version: settings.version,
    root: path.resolve(flags.root),
    includePaths: flags.includePath.map((folder) => path.resolve(folder)),
    language: null
  }
  return yield* openWorkspace(options, () => Effect.void)
})

const serveProxy = Effect.fnUntraced(
  function*(flags: ServeFlags, settings: SessionSettings, target: string, port: string) {
    if (!/^https?:\/\/./.test(target)) {
      return yield* new WrongUsage({
        detail: `Cannot stand before "${target}": --proxy-infill takes a URL such as http://127.0.0.1:8012`
      })
    }
    if (!/^\d{1,5}$/.test(port)) {
      return yield* new WrongUsage({ detail: `Cannot listen on "${port}": --listen takes a port` })
    }
    yield* checkPort(Number(port), "--listen")
    const screen = yield* Screen
    const workspace = yield* opening(flags, settings)
    const { files } = workspace.size()
    const proxy = proxyApp(target.replace(/\/+$/, ""), workspace)
    const { respond } = yield* Effect.provide(proxy, FetchHttpClient.layer)
    const { createServer } = yield* Effect.promise(() => import("node:http"))
    const NodeHttpServer = yield* Effect.promise(() => import("@effect/platform-node/NodeHttpServer"))
    return yield* Effect.gen(function*() {
      yield* HttpServer.serveEffect(respond)
      yield* screen.note(`Listening on 127.0.0.1:${port} before ${target}, ${files} files indexed\n`)
      return yield* Effect.never
    }).pipe(
      Effect.provide(NodeHttpServer.layer(createServer, { port: Number(port), host: "127.0.0.1" })),
      Effect.catchTag("ServeError", (failure) => new CannotListen({ address: port, detail: String(failure.cause) }))
    )
  }
)
