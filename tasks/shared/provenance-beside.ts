/** How files of rows were made, from what lies beside them: metadata of the whole folder, or of one file alone. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { metadataOfFile, tableOfFile } from "../../services/formats/output-format.ts"
import { noProvenance, type Provenance, readProvenance } from "./provenance.ts"

/**
 * Returns what tells of files of one folder. Of one file its own metadata tell first; of several, those of the folder, or
 * else those of a single file, where no other file has any.
 */
export const provenanceBeside = Effect.fn("shared.provenanceBeside")(function*(
  folder: string,
  names: ReadonlyArray<string>
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const read = (name: string) =>
    fs.readFileString(path.join(folder, name)).pipe(
      Effect.map(readProvenance),
      Effect.orElseSucceed((): Provenance => noProvenance)
    )
  const isTelling = ({ task }: Provenance) => task !== null
  const ofFolder = yield* read("metadata.json")
  const tables = [...new Set(names.map(tableOfFile))]
  const ofFiles = (yield* Effect.forEach(tables, (table) => read(metadataOfFile(table)))).filter(isTelling)
  const own = ofFiles.length === 1 ? ofFiles : []
  const all = tables.length === 1 ? [...own, ofFolder] : [ofFolder, ...own]
  return all.find(isTelling) ?? ofFolder
})
