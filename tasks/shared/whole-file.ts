/** Files that are whole under their names, or not there: each is written beside its place and then renamed. */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { systemWords } from "../../services/faults/system-words.ts"
import { CannotWrite } from "../../services/Writer.ts"

/** Says why the system refused to write there. */
export const orCannotWrite = (path: string) =>
  Effect.mapError((cause: PlatformError) => new CannotWrite({ path, detail: systemWords(cause) }))

/** Fails where a path leads to something that is no file: a folder cannot be replaced, and a device or pipe may not. */
export const refuseSpecial = Effect.fnUntraced(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const found = yield* Effect.option(fs.stat(path))
  if (Option.isNone(found) || found.value.type === "File") return
  return yield* new CannotWrite({
    path,
    detail: found.value.type === "Directory"
      ? "it is a folder; name a file in it"
      : "it is a device or a pipe, and a file would replace it"
  })
})

/** Writes a file by way of `write`, which is told where; what it leaves of a file when it fails is removed. */
export const writeWholeBy = Effect.fnUntraced(function*<A, E, R>(
  path: string,
  write: (draft: string) => Effect.Effect<A, E, R>
) {
  const fs = yield* FileSystem.FileSystem
  yield* refuseSpecial(path)
  const draft = `${path}.part`
  // What a stranger's folder has under that name, such as a link into another place, is not written through.
  yield* orCannotWrite(path)(fs.remove(draft, { force: true }))
  yield* write(draft).pipe(
    Effect.zipRight(orCannotWrite(path)(fs.rename(draft, path))),
    Effect.onError(() => Effect.option(fs.remove(draft, { force: true })))
  )
})

/** Writes a file of text. */
export const writeWhole = (path: string, text: string) =>
  Effect.flatMap(
    FileSystem.FileSystem,
    (fs) => writeWholeBy(path, (draft) => orCannotWrite(path)(fs.writeFileString(draft, text)))
  )
