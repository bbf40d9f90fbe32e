/** What the command does once its flags are read. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { Crew } from "../../services/Crew.ts"
import type { AnswersTo } from "../shared/asked/asked.ts"
import { metadataOfFile } from "../../services/formats/output-format.ts"
import { runFolder } from "../shared/crew/crew-layer.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { CannotReadInput } from "../shared/problems.ts"
import { Screen } from "../shared/terminal.ts"
import type { asked } from "./asked.ts"
import { progressOf, renderStatus } from "./progress.ts"

export const handle = ({ json, run }: AnswersTo<typeof asked>) =>
  Effect.gen(function*() {
    const [fs, path, screen] = [yield* FileSystem.FileSystem, yield* Path.Path, yield* Screen]
    const output = path.resolve(run)
    const inFolder = path.join(output, runFolder)
    const isFolder = yield* Effect.orElseSucceed(fs.exists(inFolder), () => false)
    // A file of rows has its pieces beside it.
    const agreement = isFolder ? inFolder : `${output}.run`
    const place = isFolder
      ? { agreement, directory: agreement, output, last: "metadata.json", results: [] }
      : {
        agreement,
        directory: agreement,
        output: path.dirname(output),
        last: path.basename(metadataOfFile(output)),
        results: []
      }
    const crew = lazyLayer(async () =>
      (await import("../../layers/crew/LocalCrew.ts")).layer({ place, share: { rank: 0, of: 1 } })
    )
    const view = yield* Effect.provide(Effect.flatMap(Crew, ({ look }) => look), crew)
    if (view === null) {
      return yield* new CannotReadInput({
        path: output,
        detail: "nobody shares a run there, with --rank, --only or --cluster"
      })
    }
    const progress = progressOf(view)
    return yield* screen.print(json ? `${JSON.stringify(progress, null, 2)}\n` : renderStatus(progress))
  })
