/** A session with the context server, in the process of its tests: what it does where its streams are not the point. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as InPlaceCompute from "../../layers/compute/InPlaceCompute.ts"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import * as InvertedIndex from "../../layers/index/InvertedIndex.ts"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { jobTable } from "../../tasks/job-table.ts"
import { serve } from "../../tasks/serve-context/serve.ts"
import { openSession, type SessionSettings } from "../../tasks/serve-context/session.ts"
import { makeWorkspaces, type Workspaces } from "../../tasks/serve-context/workspaces.ts"
import { type Client, makeClient } from "./server.ts"

export interface RunningSession extends Client {
  /** Resolves when the session has ended. */
  readonly ended: Promise<void>
  /** Ends the input, and waits for the end. */
  readonly close: () => Promise<void>
}

const tools = InvertedIndex.layer.pipe(
  Layer.provide(Layer.merge(TreeSitterParser.layer, Layer.unwrapEffect(Effect.map(jobTable, InPlaceCompute.layer)))),
  Layer.merge(SimpleGit.layer),
  Layer.provideMerge(Layer.merge(NodeFileSystem.layer, NodePath.layer))
)

/** Starts a session; `open` opens its projects, which lie on disk where it is left out. */
export const startSession = (
  settings: Partial<SessionSettings> = {},
  open?: Workspaces["open"],
  logged: Layer.Layer<never> = Layer.empty
): RunningSession => {
  const incoming = Effect.runSync(Queue.unbounded<Uint8Array>())
  const write: Client["write"] = (data) => void Queue.unsafeOffer(incoming, Buffer.from(data))
  const all: SessionSettings = {
    errorCodes: "original",
    weighting: "lucene",
    isWatched: true,
    snapshots: null,
    version: "0",
    edits: null,
    ...settings
  }
  let receive: (data: string) => void = () => undefined
  const program = Effect.gen(function*() {
    const session = yield* openSession(all, open === undefined ? yield* makeWorkspaces : { open })
    yield* serve({
      incoming: Stream.fromQueue(incoming),
      send: (text) => Effect.sync(() => receive(Buffer.from(text).toString("latin1"))),
      cutOff: () => Effect.void,
      abandoned: Effect.never
    }, session)
  }).pipe(Effect.scoped, Effect.provide([tools, logged]))
  const ended = Effect.runPromise(program)
  const made = makeClient(write, ended, () => "")
  receive = made.receive
  return {
    ...made.client,
    ended,
    close: () => {
      Effect.runSync(Queue.shutdown(incoming))
      return ended
    }
  }
}
