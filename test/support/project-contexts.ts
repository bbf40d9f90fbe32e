import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import { Index, type IndexWork, type ProjectIndex } from "../../services/Index.ts"
import { makeProjectContexts } from "../../tasks/generate/project-contexts.ts"
import type { ContextOf } from "../../tasks/generate/tools.ts"
import { inMemoryIndex } from "./in-memory-index.ts"

/** The contexts of a thread, and what its indexes have done so far. */
export interface WatchedContexts {
  readonly contextAt: ContextOf
  readonly work: () => IndexWork
}

/** Makes what a thread of generate asks for contexts, in this thread. */
export const watchedContexts = Effect.gen(function*() {
  const made: Array<ProjectIndex> = []
  const index = yield* Index
  const watched = Layer.succeed(
    Index,
    Index.of({ make: (options) => Effect.tap(index.make(options), (one) => Effect.sync(() => made.push(one))) })
  )
  const contextAt = yield* Effect.provide(makeProjectContexts, watched)
  const contexts: WatchedContexts = {
    contextAt,
    work: () => {
      const all = made.map((one) => one.work())
      const sum = (of: (work: IndexWork) => number) => all.reduce((total, work) => total + of(work), 0)
      return {
        read: sum(({ read }) => read),
        counted: sum(({ counted }) => counted),
        recalled: sum(({ recalled }) => recalled)
      }
    }
  }
  return contexts
})

const platform = Layer.merge(NodeFileSystem.layer, NodePath.layer)

export const contextLayers = Layer.mergeAll(
  inMemoryIndex,
  SimpleGit.layer.pipe(Layer.provide(platform)),
  platform
)
