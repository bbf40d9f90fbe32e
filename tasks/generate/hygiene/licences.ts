/** The licence of each version of a file, and whether it is one that was asked for. */
import * as Effect from "effect/Effect"
import type { FilePlace } from "../../../services/Git.ts"
import { headLicenceOf } from "../../../services/hygiene/file-licence.ts"
import { isAllowed } from "../../../services/hygiene/licence-expression.ts"
import { type FileLicence, licenceOfFile } from "../../../services/hygiene/path-licence.ts"
import { decodeSource } from "../../../services/text/source-text.ts"
import type { ItemInput } from "../jobs.ts"
import type { JobTools } from "../tools.ts"
import { licenceKey } from "./licence-files.ts"

/** Returns the licence of a version of a file, or why it is left out. */
export type LicenceJudge = (place: FilePlace, text: string) => FileLicence | string

const unknown: FileLicence = { _tag: "unknown" }

/** Makes the judge of a job: one that knows and refuses nothing where nobody asks for licences. */
export const openLicences = Effect.fnUntraced(function*(
  { contents, licenceFiles, settings: { hygiene: { licences } } }: ItemInput,
  tools: JobTools
) {
  if (licences === null || licenceFiles === undefined) return (() => unknown) satisfies LicenceJudge
  const { nameOf } = yield* tools.openLicenceTexts
  const named = new Map<string | null, string | undefined>()
  const nameOfFile = (blob: string | null): string | undefined => {
    if (named.has(blob)) return named.get(blob)
    const bytes = blob === null ? undefined : contents.get(blob)
    const decoded = bytes === undefined ? undefined : decodeSource(bytes)
    const name = decoded?._tag === "text" ? nameOf(decoded.text) : undefined
    named.set(blob, name)
    return name
  }
  const allowed = licences === "any" ? null : new Set(licences)
  const judge: LicenceJudge = (place, text) => {
    const licence = licenceOfFile(headLicenceOf(text), (licenceFiles.get(licenceKey(place)) ?? []).map(nameOfFile))
    if (allowed === null) return licence
    if (licence._tag === "unknown") return "licence unknown"
    return licence.all.every((one) => isAllowed(one, allowed)) ? licence : "licence not asked for"
  }
  return judge
})
