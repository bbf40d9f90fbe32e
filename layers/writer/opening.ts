/** What a run may do in the folder it was given: begin, go on, or leave it alone. */
import * as Effect from "effect/Effect"
import { FolderTaken } from "../../services/Writer.ts"

export type Opening<State> =
  | { readonly _tag: "fresh" }
  | { readonly _tag: "resumed"; readonly state: State }
  | { readonly _tag: "sealed" }

/** What a run was asked; `directory` is the place that a refusal names. */
export interface Asked {
  readonly directory: string
  readonly identity: unknown
  readonly resume: boolean
  readonly overwrite: boolean
}

/** What lies in the folder: parsed files, undefined where there is none, null where one is damaged. */
export interface Findings {
  readonly state: unknown
  readonly metadata: unknown
  readonly hasResults: boolean
}

export const decideOpening = <State extends { readonly version: 1 }>(
  request: Asked,
  found: Findings
): Effect.Effect<Opening<State>, FolderTaken> => {
  if (request.overwrite) return Effect.succeed({ _tag: "fresh" })
  const taken = (detail: string) => new FolderTaken({ directory: request.directory, detail })
  const identity = JSON.stringify(request.identity)
  const isOurs = (document: unknown) => identityOf(document) === identity
  if (found.metadata !== undefined && found.metadata !== null) {
    if (request.resume && isOurs(found.metadata)) return Effect.succeed({ _tag: "sealed" })
    return taken(
      request.resume
        ? "it holds a finished run with other options or commits; pass --overwrite, or another --output"
        : "it holds a finished run; pass --overwrite to replace it, or another --output"
    )
  }
  if (found.state !== undefined) {
    if (!request.resume) {
      return taken("it holds an unfinished run; pass --resume to go on with it, or --overwrite to start again")
    }
    if (!isState<State>(found.state) || !isOurs(found.state)) {
      return taken("its unfinished run had other options or commits; pass --overwrite, or another --output")
    }
    return Effect.succeed({ _tag: "resumed", state: found.state })
  }
  if (found.hasResults) return taken("it holds a dataset that is not ours; pass --overwrite, or another --output")
  return Effect.succeed({ _tag: "fresh" })
}

const identityOf = (document: unknown): string | undefined =>
  typeof document === "object" && document !== null && "identity" in document
    ? JSON.stringify(document.identity)
    : undefined

/** A state file is written whole or not at all, so its version is what is left to ask. */
const isState = <State>(document: unknown): document is State =>
  typeof document === "object" && document !== null && "version" in document && document.version === 1
