/** What was done so that a dataset is fit to be published, as far as its metadata tells. */
import { isFields, textOf } from "../../services/rows/fields.ts"
import type { Provenance } from "../shared/provenance.ts"

/** A file of tasks that no row was to hold a piece of. */
export interface DecontaminatedFile {
  readonly name: string
  readonly sha256: string | null
  readonly tasks: number | null
}

/** What was done to the rows, and what was left out for it. */
export interface Fitness {
  readonly decontaminated: ReadonlyArray<DecontaminatedFile>
  readonly nearDuplicates: Provenance["nearDuplicates"]
  /** Counts by reason, as the ledger tells them, most frequent first. */
  readonly leftOut: ReadonlyArray<readonly [reason: string, count: number]>
  /** What became of personal data: "keep", "mask" or "leave-out"; null where nothing tells. */
  readonly personalData: string | null
}

/** Reasons that have to do with publishing. */
const reasons =
  /^(?:near-duplicate|twin of another row|benchmark: |secret$|personal data|licence unknown|licence not asked for|excluded |answer repeated)/

/** Returns what the metadata of a dataset tells. */
export const fitnessOf = ({ ledger, nearDuplicates, settings }: Provenance): Fitness => {
  const counts = new Map<string, number>()
  for (const { leftOut } of Object.values(ledger)) {
    for (const [reason, count] of Object.entries(leftOut)) {
      // Tasks are told apart in metadata.json; here their files are.
      const name = reason.replace(/^(benchmark: \S+).*$/, "$1")
      if (reasons.test(name)) counts.set(name, (counts.get(name) ?? 0) + count)
    }
  }
  const files = settings["decontaminate"]
  return {
    decontaminated: (Array.isArray(files) ? files : []).flatMap((file: unknown) => {
      const name = isFields(file) ? textOf(file["file"]) : undefined
      if (!isFields(file) || name === undefined) return []
      const { sha256, tasks } = file
      return [{ name, sha256: textOf(sha256) ?? null, tasks: typeof tasks === "number" ? tasks : null }]
    }),
    nearDuplicates,
    leftOut: [...counts].toSorted(([, a], [, b]) => b - a),
    personalData: textOf(settings["personal-data"]) ?? null
  }
}
