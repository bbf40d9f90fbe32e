/** What all who share a run of generate agree on. */
import { isPlainOutput } from "../../../services/formats/output-format.ts"
import { withoutPasswords } from "../../../services/text/showable.ts"
import type { GenerateRequest } from "../generate-request.ts"

/** How a run is cut into pieces. */
export interface CutIntoPieces {
  /** Changes or files of a part at the most, but for one batch. */
  readonly partSize: number
}

/** Returns the part of a request that decides what lies in the folders of the pieces. */
export const sharedRequestOf = (
  { format, recorded, repositories, version }: GenerateRequest,
  { partSize }: CutIntoPieces
): unknown => ({
  task: "generate",
  version,
  settings: recorded,
  repositories: repositories.map(({ location, rev }) => ({ location: withoutPasswords(location), rev })),
  part_size: partSize,
  ...(isPlainOutput(format) ? {} : { format })
})

/** Numbers as names of pieces, which sort as the numbers do. */
export const padded = (number: number, digits = 5): string => String(number).padStart(digits, "0")
