/**
 * `pnpm bench crews [--pieces=500] [--kills=3]`: what a piece costs beside its work with each crew, and how long a piece
 * waits whose process was killed or asked to end, until another one begins it. The times are those that users get. The
 * cluster meets in a PostgreSQL server of its own.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ClusterCrew from "../../layers/crew/ClusterCrew.ts"
import * as FolderCrew from "../../layers/crew/FolderCrew.ts"
import * as LocalCrew from "../../layers/crew/LocalCrew.ts"
import type { RunPlace } from "../../layers/crew/piece-folders.ts"
import { placeOfRequest } from "../../layers/crew/run-place.ts"
import { Crew } from "../../services/Crew.ts"
import { startMember } from "../support/crew-members.ts"
import { stageOf } from "../support/crew-stage.ts"
import { makePostgres } from "../support/postgres.ts"

// A member is this script, which is told what it is to do.
if (process.argv[2]?.startsWith("{") === true) await import("../support/crew-member.ts")
else await bench()

async function bench(): Promise<void> {
  const valueOf = (flag: string) => process.argv.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3)
  const pieces = Number(valueOf("pieces") ?? 500)
  const kills = Number(valueOf("kills") ?? 3)

  const root = mkdtempSync(join(tmpdir(), "crews-"))
  const server = await makePostgres()
  await server.start()

  let used = 0
  const freshPlace = (): RunPlace => {
    const output = join(root, `run-${used++}`)
    return placeOfRequest({ agreement: join(output, ".run"), output, last: "last.json", results: [] }, "bench")
  }
  const folderOptions = (place: RunPlace, rank: number) => ({ place, rank: { rank, of: 2 } })
  const clusterOptions = (place: RunPlace) => ({
    place,
    url: server.url,
    version: "1",
    identity: "bench",
    concurrency: 1
  })

  const crews: Readonly<Record<string, (place: RunPlace) => Layer.Layer<Crew>>> = {
    LocalCrew: (place) => LocalCrew.layer({ place, share: { rank: 0, of: 1 } }),
    FolderCrew: (place) => FolderCrew.layer(folderOptions(place, 0)),
    ClusterCrew: (place) => ClusterCrew.layer(clusterOptions(place))
  }
  process.stdout.write(`${pieces} empty pieces, one member:\n`)
  for (const [name, layerAt] of Object.entries(crews)) {
    const began = performance.now()
    const stage = stageOf(pieces, () => Effect.void)
    await Effect.runPromise(
      Effect.provide(Effect.flatMap(Crew, (crew) => crew.finish(stage)), layerAt(freshPlace())) as Effect.Effect<void>
    )
    const millis = performance.now() - began
    process.stdout.write(
      `  ${name}: ${(pieces / millis * 1000).toFixed(0)} a second, ${(millis / pieces).toFixed(1)} ms each\n`
    )
  }

  const kinds = {
    FolderCrew: (place: RunPlace, rank: number) => ({ folder: folderOptions(place, rank) }),
    ClusterCrew: (place: RunPlace) => ({ cluster: clusterOptions(place) })
  }
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    for (const [name, optionsAt] of Object.entries(kinds)) {
      const seconds: Array<string> = []
      for (let kill = 0; kill < kills; kill++) {
        const place = freshPlace()
        const first = startMember(fileURLToPath(import.meta.url), {
          ...optionsAt(place, 0),
          pieces: 1,
          pieceMillis: 0,
          holdsAfter: 0
        })
        await first.hears("held")
        const second = startMember(fileURLToPath(import.meta.url), {
          ...optionsAt(place, 1),
          pieces: 1,
          pieceMillis: 0,
          holdsAfter: null
        })
        first.child.kill(signal)
        const began = performance.now()
        await second.hears("begun")
        seconds.push(((performance.now() - began) / 1000).toFixed(1))
        await second.ended
      }
      process.stdout.write(`${name}, ${signal}: another member begins the piece after ${seconds.join(", ")} s\n`)
    }
  }

  await server.remove()
  rmSync(root, { recursive: true, force: true })
}
