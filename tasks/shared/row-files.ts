/** Which files are looked at: the one that is named, or all files of rows in a folder. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { systemWords } from "../../services/faults/system-words.ts"
import { isPackedRowsFile, isRowsFile, withoutEnding } from "../../services/formats/output-format.ts"
import { CannotReadInput, WrongUsage } from "./problems.ts"

/** A file of rows, by its name in its folder and by its path. */
export interface ViewedFile {
  readonly name: string
  readonly path: string
}

const labelsEnding = ".labels.jsonl"

/** Name of the file of labels that a person gives to a file of rows. */
export const labelsPath = (path: string): string => withoutEnding(path) + labelsEnding

/** Labels stand beside the rows they are about, and are none. */
const isViewed = (name: string): boolean => (isRowsFile(name) && !name.endsWith(labelsEnding)) || isPackedRowsFile(name)

export const findFiles = Effect.fn("shared.findFiles")(function*(
  file: string | undefined,
  directory: string | undefined
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const place = file ?? directory
  if (place === undefined || (file !== undefined && directory !== undefined)) {
    return yield* new WrongUsage({ detail: "Cannot tell what to look at: pass one file, or --directory <folder>" })
  }
  const given = path.resolve(place)
  const info = yield* Effect.mapError(
    fs.stat(given),
    () => new CannotReadInput({ path: given, detail: "there is no such file or folder" })
  )
  // A folder named as the file is one all the same.
  if (info.type !== "Directory") {
    const one: ReadonlyArray<ViewedFile> = [{ name: path.basename(given), path: given }]
    return one
  }
  const names = (yield* Effect.mapError(
    fs.readDirectory(given),
    (cause) => new CannotReadInput({ path: given, detail: systemWords(cause) })
  )).filter(isViewed).sort()
  if (names.length === 0) {
    return yield* new CannotReadInput({
      path: given,
      detail: "no .jsonl or .parquet file is in it; name a .json file itself"
    })
  }
  const all: ReadonlyArray<ViewedFile> = names.map((name) => ({ name, path: path.join(given, name) }))
  return all
})

/** How the names of files begin that are held out of training. */
const heldOut = /^(?:test|val|valid|validation|eval|dev|held)(?![a-z])/i

/** Returns files in the order in which a person looks at them: what is trained on, anything else, what is held out. */
export const trainFirst = (files: ReadonlyArray<ViewedFile>): ReadonlyArray<ViewedFile> => {
  const rankOf = ({ name }: ViewedFile) => (/^train(?![a-z])/i.test(name) ? 0 : heldOut.test(name) ? 2 : 1)
  return [...files].sort((a, b) => rankOf(a) - rankOf(b))
}
