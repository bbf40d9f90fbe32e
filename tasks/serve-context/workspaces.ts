/** The projects that are open now, each once, however many clients look at it; closed when the last one leaves. */
import * as Effect from "effect/Effect"
import * as RcMap from "effect/RcMap"
import type * as Scope from "effect/Scope"
import { type IndexingListener, openWorkspace, type Workspace, type WorkspaceOptions } from "../shared/workspace.ts"

export interface Workspaces {
  /** Opens a project, or joins those who look at it, for the scope. `listen` hears of the indexing while it lasts. */
  readonly open: (
    options: WorkspaceOptions,
    listen: IndexingListener
  ) => Effect.Effect<Workspace, Error, Scope.Scope>
}

export const makeWorkspaces = Effect.gen(function*() {
  const listeners = new Map<string, Set<IndexingListener>>()
  const asked = new Map<string, WorkspaceOptions>()
  const map = yield* RcMap.make({
    lookup: (key: string) => {
      const options = asked.get(key)
      if (options === undefined) return Effect.dieMessage("a project that nobody asked for")
      return openWorkspace(
        options,
        (done, of) => Effect.forEach(listeners.get(key) ?? [], (listen) => listen(done, of), { discard: true })
      )
    }
  })
  const open: Workspaces["open"] = (options, listen) => {
    const key = JSON.stringify(options)
    const mine = listeners.get(key) ?? new Set()
    asked.set(key, options)
    listeners.set(key, mine.add(listen))
    // Once it is open, or cannot be, nothing is kept of what was asked: clients may ask for any number of projects.
    const forget = Effect.sync(() => {
      mine.delete(listen)
      if (mine.size > 0) return
      asked.delete(key)
      listeners.delete(key)
    })
    return Effect.ensuring(RcMap.get(map, key), forget)
  }
  const workspaces: Workspaces = { open }
  return workspaces
})
