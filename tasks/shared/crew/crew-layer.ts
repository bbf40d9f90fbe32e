/** The crew that the flags ask for. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { FolderTaken } from "../../../services/Writer.ts"
import { lazyLayer } from "../lazy-layer.ts"
import { WrongUsage } from "../problems.ts"
import { Tool } from "../tool.ts"
import { askedPiece } from "./piece-process.ts"
import { type RankAsked, resolveRank } from "./rank.ts"

/** What is asked of a task whose work can be shared. */
export interface MachineAnswers {
  readonly rank: RankAsked | undefined
  readonly only: string | undefined
  readonly cluster: string | undefined
  readonly overwrite: boolean
}

/** Whether the work is to be shared. */
export const isShared = ({ cluster, only, rank }: Omit<MachineAnswers, "overwrite">): boolean =>
  rank !== undefined || only !== undefined || cluster !== undefined

/** Name of the folder in which those who share a run keep its pieces, in the folder of its results. */
export const runFolder = ".run"

/** Where a shared run and its results lie. */
export interface SharedPlace {
  /** Absolute paths of the folder in which all agree and have their pieces, and of that of the results. */
  readonly agreement: string
  readonly output: string
  /** Name of the result that says that all are there. */
  readonly last: string
  /** Names of files that are somebody else's where they lie there already. */
  readonly results: ReadonlyArray<string>
}

/** Where a shared run lies whose results are a folder. */
export const sharedFolder = (output: string, results: ReadonlyArray<string>): SharedPlace => ({
  agreement: `${output}/${runFolder}`,
  output,
  last: "metadata.json",
  results: [...results, "run.json.part"]
})

/** The layer of the crew, for a run that is shared; `request` is what all must be asked alike. */
export const crewLayer = (
  { cluster, only, overwrite, rank: asked }: MachineAnswers,
  place: SharedPlace,
  request: unknown
) =>
  Layer.unwrapEffect(Effect.gen(function*() {
    if (overwrite) {
      return yield* new WrongUsage({
        detail: "Cannot use --overwrite here: others may be at work; remove the folder before the first of them starts"
      })
    }
    if (cluster !== undefined && (asked !== undefined || only !== undefined)) {
      return yield* new WrongUsage({
        detail: "Cannot use --cluster with --rank or --only: the database deals the pieces, of all stages"
      })
    }
    const { command, version } = yield* Tool
    const ofRequest = async () => (await import("../../../layers/crew/run-place.ts")).placeOfRequest(place, request)
    if (cluster !== undefined && askedPiece(command.environment) === undefined) {
      const options = { url: cluster, version, identity: JSON.stringify(request), concurrency: 1 }
      return lazyLayer(async () =>
        (await import("../../../layers/crew/ClusterCrew.ts")).layer({ ...options, place: await ofRequest() })
      )
    }
    const rank = asked === undefined ? undefined : yield* resolveRank(asked)
    // Without a folder in common nobody can do what another one left.
    return only !== undefined || rank === undefined
      ? lazyLayer(async () =>
        (await import("../../../layers/crew/LocalCrew.ts")).layer({
          place: await ofRequest(),
          share: rank ?? { rank: 0, of: 1 }
        })
      )
      : lazyLayer(async () =>
        (await import("../../../layers/crew/FolderCrew.ts")).layer({ place: await ofRequest(), rank, atOnce: 2 })
      )
  }))

/** Refuses to write alone where others share a run that is not finished, and to replace what others shared. */
export const refuseShared = Effect.fnUntraced(function*({ agreement, last, output }: SharedPlace, overwrites: boolean) {
  const fs = yield* FileSystem.FileSystem
  const isThere = (path: string) => Effect.orElseSucceed(fs.exists(path), () => false)
  if (!(yield* isThere(agreement)) || (!overwrites && (yield* isThere(`${output}/${last}`)))) return
  return yield* new FolderTaken({
    directory: output,
    detail: `others share a run there; join them with --rank, remove "${agreement}", or pass another --output`
  })
})
