/** A crew of one process, which has the folder of the run to itself: it does piece after piece and fails with the first. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Crew } from "../../services/Crew.ts"
import { onDisk } from "../disk/disk.ts"
import { dealtPieces, type RankOf } from "./dealt-pieces.ts"
import { donePieces } from "./piece-folders.ts"
import { publishing } from "./publishing.ts"
import { crewAt, enterStage } from "./run-place.ts"
import type { RunPlace } from "./piece-folders.ts"

/** Where the run lies, and which of its pieces this process does: all of them, or those of one rank. */
export interface LocalCrewOptions {
  readonly place: RunPlace
  readonly share: RankOf
}

/** A layer over a folder. */
export const layer = ({ place, share }: LocalCrewOptions): Layer.Layer<Crew> => {
  const { directory } = place
  return Layer.succeed(
    Crew,
    Crew.of({
      ...crewAt(place),
      finish: (stage) =>
        Effect.gen(function*() {
          yield* enterStage(place, stage)
          const done = yield* onDisk(directory, () => donePieces(directory, stage.name))
          const own = dealtPieces(stage.pieces, share.of)[share.rank] ?? []
          for (const piece of own) if (!done.has(piece.name)) yield* publishing(directory, stage, piece)
        })
    })
  )
}
