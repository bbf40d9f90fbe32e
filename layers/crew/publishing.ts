/** How any crew makes a piece: in a try folder, which gets its name when all is there and goes where it fails. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { WorkPiece, WorkStage } from "../../services/Crew.ts"
import { onDisk } from "../disk/disk.ts"
import { beginTry, dropTry, publishTry } from "./piece-folders.ts"

/** Makes a piece, and returns whether its folder is this one or that of another try, which was faster. */
export const publishing = <E, R>(directory: string, stage: WorkStage<E, R>, piece: WorkPiece) =>
  Effect.acquireUseRelease(
    onDisk(directory, () => beginTry(directory, stage.name, piece)),
    (made) =>
      Effect.zipRight(
        stage.make(piece, made.folder),
        onDisk(directory, () => publishTry(directory, stage.name, piece, made))
      ),
    (made, exit) => Exit.isSuccess(exit) ? Effect.void : Effect.promise(() => dropTry(made).catch(() => undefined))
  )
