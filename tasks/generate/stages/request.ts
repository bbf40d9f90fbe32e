/** What all who share a run of generate agree on. */
import { basename, dirname, resolve } from "node:path"
import { isPlainOutput } from "../../../services/formats/output-format.ts"
import { absoluteLocation } from "../../../services/history/repository-list.ts"
import { withoutPasswords } from "../../../services/text/showable.ts"
import type { GenerateRequest } from "../generate-request.ts"

/** How a run is cut into pieces. */
export interface CutIntoPieces {
  /** Changes or files of a part at the most, but for one batch. */
  readonly partSize: number
}

/** Returns the part of a request that decides what lies in the folders of the pieces. */
export const sharedRequestOf = (
  { format, output, recorded, rejected, repositories, settings, version }: GenerateRequest,
  { partSize }: CutIntoPieces
): unknown => ({
  task: "generate",
  version,
  settings: recorded,
  repositories: repositories.map(({ isListed, location, rev }) => ({
    location: withoutPasswords(absoluteLocation(location, resolve)),
    rev,
    listed: isListed
  })),
  max_files: settings.maxFiles,
  // Beside the rows its name stands in the metadata; elsewhere it is a matter of whoever merges.
  rejected: rejected === null ? null : dirname(rejected) === output ? basename(rejected) : true,
  part_size: partSize,
  ...(isPlainOutput(format) ? {} : { format })
})

/** Numbers as names of pieces, which sort as the numbers do. */
export const padded = (number: number, digits = 5): string => String(number).padStart(digits, "0")
