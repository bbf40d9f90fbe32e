/** A program that opens the URLs that it is given, one after the other, and tells the commits of each, a line a URL. */
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import { openRunFolder } from "../../layers/writer/run-folder.ts"
import { Git } from "../../services/Git.ts"

// As the program of users does: what was left of one that was killed goes.
const clones = join(process.env["XDG_CACHE_HOME"] ?? "", "retrace/clones")
process.env["TMPDIR"] = openRunFolder(tmpdir(), [clones]) ?? tmpdir()

const tell = Effect.fnUntraced(function*(url: string) {
  const repository = yield* (yield* Git).open(url, { orFolder: false })
  const range = { rev: "HEAD", maxCommits: 1000, startDate: null, endDate: null }
  const commits = [...yield* Stream.runCollect(repository.commits(range))]
  const blobs = commits.flatMap(({ changes }) => changes.flatMap(({ newBlob }) => newBlob ?? []))
  const missing = (yield* repository.blobs(blobs)).filter((blob) => blob === null).length
  console.error(`${commits.map(({ subject }) => subject).join(",")} ${missing}`)
})

await Effect.runPromise(
  Effect.forEach(process.argv.slice(2), (url) => Effect.scoped(tell(url)), { discard: true }).pipe(
    Effect.provide(SimpleGit.layer.pipe(Layer.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer))))
  )
)
