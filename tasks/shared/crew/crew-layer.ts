/** The crew that the flags ask for. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { FolderTaken } from "../../../services/Writer.ts"
import { lazyLayer } from "../lazy-layer.ts"
import { WrongUsage } from "../problems.ts"
import { type RankAsked, resolveRank } from "./rank.ts"

/** What is asked of a task whose work can be shared. */
export interface MachineAnswers {
  readonly rank: RankAsked | undefined
  readonly only: string | undefined
  readonly overwrite: boolean
}

/** Whether the work is to be shared. */
export const isShared = ({ only, rank }: Pick<MachineAnswers, "rank" | "only">): boolean =>
  rank !== undefined || only !== undefined

/** Name of the folder in which those who share a run keep its pieces, in the folder of its results. */
export const runFolder = ".run"

/** Where the results of a shared run lie. */
export interface SharedPlace {
  /** Absolute path. */
  readonly output: string
  /** Name of the result that says that all are there. */
  readonly last: string
  /** Names of results that are somebody else's where they lie there already. */
  readonly results: ReadonlyArray<string>
}

/** The layer of the crew, for a run that is shared. */
export const crewLayer = (
  { only, overwrite, rank: asked }: MachineAnswers,
  { last, output, results }: SharedPlace
) =>
  Layer.unwrapEffect(Effect.gen(function*() {
    if (overwrite) {
      return yield* new WrongUsage({
        detail: "Cannot use --overwrite here: others may be at work; remove the folder before the first of them starts"
      })
    }
    const path = yield* Path.Path
    const rank = asked === undefined ? undefined : yield* resolveRank(asked)
    const place = { directory: path.join(output, runFolder), output, last, results: [...results, "run.json.part"] }
    // Without a folder in common nobody can do what another one left.
    return only !== undefined || rank === undefined
      ? lazyLayer(async () =>
        (await import("../../../layers/crew/LocalCrew.ts")).layer({ place, share: rank ?? { rank: 0, of: 1 } })
      )
      : lazyLayer(async () => (await import("../../../layers/crew/FolderCrew.ts")).layer({ place, rank }))
  }))

/** Refuses to write alone where others share a run that is not finished. */
export const refuseShared = Effect.fnUntraced(function*(output: string, last: string) {
  const [fs, path] = [yield* FileSystem.FileSystem, yield* Path.Path]
  const isThere = (...names: ReadonlyArray<string>) =>
    Effect.orElseSucceed(fs.exists(path.join(output, ...names)), () => false)
  if (!(yield* isThere(runFolder)) || (yield* isThere(last))) return
  return yield* new FolderTaken({
    directory: output,
    detail:
      `machines share a run there that is not finished; join them with --rank, remove "${runFolder}" in it, or pass another --output`
  })
})
