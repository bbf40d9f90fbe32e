/** serve-context without a server: a project that is indexed in this process. */
import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Scope from "effect/Scope"
import packageJson from "../../package.json" with { type: "json" }
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import * as InvertedIndex from "../../layers/index/InvertedIndex.ts"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { styleNamed } from "../../services/formats/context-style.ts"
import {
  type ContextAnswer,
  type ContextSource,
  defaultContextBudget,
  defaultPromptHolds
} from "../../services/Index.ts"
import { asked } from "../serve-context/asked.ts"
import type { Choices } from "../shared/asked/asked.ts"
import { answersChosen } from "../shared/asked/read.ts"
import { openWorkspace } from "../shared/workspace.ts"
import { computeOf, platform, settle } from "./running.ts"

/** What serve-context can be asked of a project; changes on disk are followed unless `watch` is false. */
export type ContextOptions = Pick<Choices<typeof asked>, "includePaths" | "bm25Weighting" | "watch" | "concurrency"> & {
  /** Folder of the project. */
  readonly root: string
  /** Name of the only language to index; all when left out. */
  readonly language?: string | undefined
}

/** A place in a file, and what is wanted of it. */
export interface ContextPlace {
  readonly filepath: string
  /** The text of the file as it is now. */
  readonly content: string
  /** UTF-16 offset of the cursor. */
  readonly offset: number
  readonly budget?: number
  /** UTF-16 units of the file that the prompt holds; of the rest the context gives an outline. 4096 when left out. */
  readonly holds?: number
  readonly sources?: ReadonlyArray<ContextSource>
  /** A preset whose tokens stand around files; comments when left out. */
  readonly format?: string
}

export interface ProjectContext {
  readonly size: () => { readonly files: number; readonly chunks: number }
  readonly context: (place: ContextPlace) => Promise<ContextAnswer>
  readonly close: () => Promise<void>
}

/** Opens a project for an editor that runs in this process: what `serve-context` answers, without a server. */
export const openContext = async ({ language, ...chosen }: ContextOptions): Promise<ProjectContext> => {
  const options = await settle(answersChosen(asked, chosen), undefined)
  const runtime = ManagedRuntime.make(
    InvertedIndex.layer.pipe(
      Layer.provide(Layer.merge(computeOf(options), TreeSitterParser.layer)),
      Layer.merge(SimpleGit.layer),
      Layer.provideMerge(platform)
    )
  )
  const scope = Effect.runSync(Scope.make())
  const close = async () => {
    await Effect.runPromise(Scope.close(scope, Exit.void))
    await runtime.dispose()
  }
  const opening = openWorkspace({
    root: resolve(options.root),
    includePaths: options.includePaths.map((folder) => resolve(folder)),
    language: language ?? null,
    weighting: options.bm25Weighting,
    isWatched: options.watch,
    snapshots: null,
    version: packageJson.version
  }, () => Effect.void)
  try {
    const workspace = await runtime.runPromise(Effect.either(Scope.extend(opening, scope)))
    if (workspace._tag === "Left") throw workspace.left
    const { context, pathOf, size } = workspace.right
    return {
      size,
      close,
      context: ({ content, filepath, format, offset, ...asked }) => {
        const path = pathOf(filepath)
        return runtime.runPromise(context(new Map(), {
          path,
          aliases: [],
          prefix: content.slice(0, offset),
          suffix: content.slice(offset),
          budget: asked.budget ?? defaultContextBudget,
          holds: asked.holds ?? defaultPromptHolds,
          sources: asked.sources ?? ["signatures", "chunks"],
          style: styleNamed(format, path)
        }))
      }
    }
  } catch (cause) {
    await close()
    throw cause
  }
}
