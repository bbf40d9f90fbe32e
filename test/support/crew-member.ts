/**
 * A member of a crew as a process: `member.mjs OPTIONS`, plain JSON. It tells on standard output what happens to the
 * pieces that it makes, a line each: "begun", "held", "dropped" or "made", and the piece.
 */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Cause from "effect/Cause"
import * as ClusterCrew from "../../layers/crew/ClusterCrew.ts"
import * as FolderCrew from "../../layers/crew/FolderCrew.ts"
import { Crew } from "../../services/Crew.ts"
import { contentOf, stageOf } from "./crew-stage.ts"

export interface MemberOptions {
  readonly cluster?: ClusterCrew.ClusterCrewOptions
  readonly folder?: FolderCrew.FolderCrewOptions
  readonly pieces: number
  /** How long a piece takes. */
  readonly pieceMillis: number
  /** The piece that it begins after so many others is held until a SIGCONT comes; null for none. */
  readonly holdsAfter: number | null
}

const options: MemberOptions = JSON.parse(process.argv[2] ?? "")
const tell = (what: string, piece: string) => Effect.sync(() => process.stdout.write(`${what} ${piece}\n`))

let begun = 0
const continued = Effect.async<void>((resume) => {
  process.once("SIGCONT", () => resume(Effect.void))
})

const stage = stageOf(options.pieces, ({ name }, folder) =>
  Effect.gen(function*() {
    yield* tell("begun", name)
    if (begun++ === options.holdsAfter) yield* Effect.zipRight(tell("held", name), continued)
    yield* Effect.sleep(options.pieceMillis)
    yield* Effect.sync(() => writeFileSync(join(folder, "name"), contentOf(name)))
    yield* tell("made", name)
  }).pipe(Effect.onInterrupt(() => tell("dropped", name))))

const layers = [
  ...options.cluster === undefined ? [] : [ClusterCrew.layer(options.cluster)],
  ...options.folder === undefined ? [] : [FolderCrew.layer(options.folder)]
]
const fiber = Effect.runFork(
  Effect.forEach(layers, (layer) => Effect.provide(Effect.flatMap(Crew, (crew) => crew.finish(stage)), layer))
)
process.on("SIGTERM", () => fiber.unsafeInterruptAsFork(fiber.id()))
fiber.addObserver((exit) => {
  if (Exit.isSuccess(exit)) process.exit(0)
  if (Cause.isInterruptedOnly(exit.cause)) process.exit(143)
  process.stderr.write(`${Cause.pretty(exit.cause)}\n`)
  process.exit(1)
})
