/** What is looked at in every row before it may be published. */

/** A file of tasks that no row may hold a piece of. */
export interface BenchmarkFile {
  /** Its name, by which it is told of; other files of the run have other names. */
  readonly name: string
  /** Absolute. What it says counts for the run's identity, and not where it lies. */
  readonly path: string
}

/** Which rows are fit to publish. */
export interface HygieneSettings {
  /** SPDX names of the licences that rows may have, "any" where it is only told, null where nobody asks. */
  readonly licences: ReadonlyArray<string> | "any" | null
  readonly benchmarks: ReadonlyArray<BenchmarkFile>
  /** What becomes of rows that hold e-mail addresses, public IP addresses or phone numbers. */
  readonly personalData: PersonalDataChoice
}

/** What may become of them. */
export const personalDataChoices = ["keep", "mask", "leave-out"] as const
export type PersonalDataChoice = (typeof personalDataChoices)[number]

/** Where nobody asks for anything. */
export const noHygiene: HygieneSettings = { licences: null, benchmarks: [], personalData: "keep" }
