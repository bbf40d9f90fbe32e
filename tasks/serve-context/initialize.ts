/** What `initialize` asks for and is told: the folder, how places are counted, and how far the index is. */
import * as Effect from "effect/Effect"
import type { Ledger } from "../../services/rows/ledger.ts"
import type { OffsetEncoding } from "./place.ts"
import { isRecord } from "./protocol.ts"
import type { Initialize } from "./requests.ts"
import { pathOfUri } from "../shared/file-names.ts"
import type { IndexingListener } from "../shared/workspace.ts"

/** A line tells of indexing this often; milliseconds. */
const progressMillis = 100

/** Tells of indexing as progress, not too often. */
export const listener = (tell: (value: unknown) => Effect.Effect<void>): IndexingListener => {
  let told = 0
  return (done, of) =>
    Effect.clockWith((clock) =>
      Effect.flatMap(clock.currentTimeMillis, (now) => {
        if (now - told < progressMillis) return Effect.void
        told = now
        return tell({
          kind: "report",
          percentage: Math.floor(100 * done / Math.max(1, of)),
          message: `${done}/${of} files`
        })
      })
    )
}

/** How many files are indexed, and why the others are not. */
export const summaryOf = ({ files }: Ledger): string => {
  const reasons = Object.entries(files?.leftOut ?? {}).sort(([, a], [, b]) => b - a)
  const leftOut = reasons.map(([reason, count]) => `${count} ${reason}`).join(", ")
  return `${files?.kept ?? 0} files indexed${leftOut === "" ? "" : `; left out: ${leftOut}`}`
}

/** The folder on this machine that a client names; undefined where it names none. */
export const rootOf = (asked: typeof Initialize.Type): string | undefined => {
  const uri = asked.rootUri ?? asked.workspaceFolders?.[0]?.uri
  const root = asked.project_root ?? (uri === undefined ? undefined : pathOfUri(uri)) ?? asked.rootPath
  return root === "" ? undefined : root
}

/** The first encoding of the client's that we know; undefined when it names none. */
export const encodingOf = (capabilities: unknown): OffsetEncoding | undefined => {
  const general = isRecord(capabilities) ? capabilities["general"] : undefined
  const encodings = isRecord(general) ? general["positionEncodings"] : undefined
  const isKnown = (encoding: unknown): encoding is OffsetEncoding =>
    encoding === "utf-8" || encoding === "utf-16" || encoding === "utf-32"
  return Array.isArray(encodings) ? encodings.find(isKnown) : undefined
}
