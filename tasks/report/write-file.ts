/** Writes a file of the report, in a folder that may not be there yet. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { orCannotWrite, writeWhole } from "../shared/whole-file.ts"

/** Writes a text as a whole or not at all. */
export const writeFile = Effect.fnUntraced(function*(target: string, text: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* orCannotWrite(target)(fs.makeDirectory(path.dirname(target), { recursive: true }))
  yield* writeWhole(target, text)
})
