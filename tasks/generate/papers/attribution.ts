/** The attribution of a dataset: the repositories that its rows come from, their commits, and the licences of the code. */
import type { RowMetadata } from "../../../services/rows/row-metadata.ts"
import { withoutSecret } from "../../../services/secrets/hidden.ts"
import { inCell, linkedLicence } from "../../shared/markdown.ts"
import type { GeneratePlan } from "../plan.ts"

/** Returns what a row is counted by: its repository and its licence. */
export const rowSourceOf = ({ license, repo }: Pick<RowMetadata, "license" | "repo">): string =>
  JSON.stringify([repo, license])

/** Rows by their sources, of several tables. */
export type SourceCounts = Readonly<Record<string, number>>

interface Attributed {
  readonly repository: string
  readonly licence: string
  readonly rows: number
}

/** Adds up rows by source. */
const attributedIn = (tables: ReadonlyArray<SourceCounts>): ReadonlyArray<Attributed> => {
  const sums = new Map<string, number>()
  for (const table of tables) {
    for (const [source, rows] of Object.entries(table)) sums.set(source, (sums.get(source) ?? 0) + rows)
  }
  return [...sums].map(([source, rows]) => {
    const [repository, licence] = JSON.parse(source)
    return { repository, licence, rows }
  }).sort((a, b) => compare(a.repository, b.repository) || b.rows - a.rows || compare(a.licence, b.licence))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Returns the file: Markdown for people. It depends on the rows that were written, and on no order; repositories that gave
 * no row are not named.
 */
export const attributionOf = (tables: ReadonlyArray<SourceCounts>, heads: GeneratePlan["heads"]): string => {
  const attributed = attributedIn(tables)
  const commits = new Map(heads.map(({ commit, repository }) => [repository, commit]))
  const byLicence = new Map<string, number>()
  for (const { licence, rows } of attributed) byLicence.set(licence, (byLicence.get(licence) ?? 0) + rows)
  return [
    "# Attribution",
    "",
    "The rows of this dataset hold code of these repositories, each row under the licence that its `metadata.license` names:",
    "that which the head of its file names, or else that of the nearest licence file above it, at the row's commit. Who wrote",
    "the code, and the notices that go with it, stand in the repositories.",
    "",
    "| repository | newest commit that was read | licence | rows of all files |",
    "|---|---|---|---:|",
    ...attributed.map(({ licence, repository, rows }) =>
      `| ${inCell(withoutSecret(repository))} | ${commits.get(repository) ?? ""} | ${
        linkedLicence(licence)
      } | ${rows} |`
    ),
    "",
    "| licence | rows of all files |",
    "|---|---:|",
    ...[...byLicence].sort(([a, one], [b, other]) => other - one || compare(a, b)).map(([licence, rows]) =>
      `| ${linkedLicence(licence)} | ${rows} |`
    ),
    ""
  ].join("\n")
}
