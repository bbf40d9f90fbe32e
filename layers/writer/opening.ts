/** What a run may do in its folder: begin, go on, or leave it alone. */
import * as Effect from "effect/Effect"
import { FolderTaken } from "../../services/Writer.ts"
import { differencesBetween, sayDifferences } from "../../services/faults/differences.ts"

export type Opening<State> =
  | { readonly _tag: "fresh" }
  | { readonly _tag: "resumed"; readonly state: State }
  | { readonly _tag: "sealed" }

/** What a run was asked for; `directory` is the place that a refusal names. */
export interface OpeningRequest {
  readonly directory: string
  readonly identity: unknown
  readonly resume: boolean
  readonly overwrite: boolean
}

/** What lies in the folder: parsed files, undefined where there is no file, null where it is damaged. */
export interface Findings {
  readonly state: unknown
  readonly metadata: unknown
  /** Metadata that does not have its name yet: it is written when all else is there. */
  readonly draft?: unknown
  readonly hasResults: boolean
}

export const decideOpening = <State extends { readonly version: 1 }>(
  request: OpeningRequest,
  found: Findings
): Effect.Effect<Opening<State>, FolderTaken> => {
  if (request.overwrite) return Effect.succeed({ _tag: "fresh" })
  const taken = (detail: string) => new FolderTaken({ directory: request.directory, detail })
  const otherThan = (document: unknown, run: string) => {
    const differences = differencesBetween(identityOf(document), request.identity)
    return new FolderTaken({
      directory: request.directory,
      detail: `${run} had other options or commits${
        sayDifferences(differences)
      }; pass --overwrite, or another --output`,
      differences
    })
  }
  const identity = JSON.stringify(request.identity)
  const isOurs = (document: unknown) => JSON.stringify(identityOf(document)) === identity
  if (found.metadata !== undefined && found.metadata !== null) {
    if (!request.resume) {
      return taken("it holds a finished run; pass --overwrite to replace it, or another --output")
    }
    return isOurs(found.metadata) ? Effect.succeed({ _tag: "sealed" }) : otherThan(found.metadata, "its finished run")
  }
  const isPending = isMetadata(found.draft)
  if (isPending || found.state !== undefined) {
    if (!request.resume) {
      return taken("it holds an unfinished run; pass --resume to go on with it, or --overwrite to start again")
    }
    if (isPending) {
      return isOurs(found.draft) ? Effect.succeed({ _tag: "sealed" }) : otherThan(found.draft, "its unfinished run")
    }
    return isState<State>(found.state) && isOurs(found.state)
      ? Effect.succeed({ _tag: "resumed", state: found.state })
      : otherThan(found.state, "its unfinished run")
  }
  if (found.hasResults) return taken("it holds a dataset that is not ours; pass --overwrite, or another --output")
  return Effect.succeed({ _tag: "fresh" })
}

/** Whether a document is the metadata of a run: its draft is cut off, and so no JSON, or says that all is there. */
export const isMetadata = (document: unknown): boolean => identityOf(document) !== undefined

const identityOf = (document: unknown): unknown =>
  typeof document === "object" && document !== null && "identity" in document ? document.identity : undefined

/** Whether a document is a state. Its file is written whole or not at all, so only its version is left to check. */
const isState = <State>(document: unknown): document is State =>
  typeof document === "object" && document !== null && "version" in document && document.version === 1
