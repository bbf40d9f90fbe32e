/** The sections of the card about publishing: licences by rows, what was left out, and how to have code removed. */
import { withoutSecret } from "../../services/secrets/hidden.ts"
import { inCell, linkedLicence } from "../shared/markdown.ts"
import type { Fitness } from "./fitness.ts"
import type { LicenceAsked } from "./licences.ts"
import type { Report } from "./page.ts"
import { counted, countedOf, listed } from "./wording.ts"

/** What the publisher of a dataset says of it. */
export interface Published extends LicenceAsked {
  readonly url: string | undefined
  readonly creator: string | undefined
  /** Whether a file beside the card names all repositories with their licences. */
  readonly hasAttribution: boolean
}

/** Returns the section on licences: rows of each type by licence. */
export const licencesInCard = ({ licences }: Report, { hasAttribution }: Published): ReadonlyArray<string> => {
  if (licences.length === 0) return []
  const names = [...new Set(licences.flatMap((type) => Object.keys(type.licences)))]
  const rowsOf = (name: string) => licences.map((type) => type.licences[name] ?? 0)
  const most = (name: string) => Math.max(...rowsOf(name))
  return [
    "## Licences",
    "",
    "The licence of a row is that which its file names, or that of the nearest licence file above it, at its commit.",
    ...(hasAttribution ? ["`ATTRIBUTION.md` names the repositories and their licences."] : []),
    "",
    `| licence | ${licences.map(({ name }) => inCell(name)).join(" | ")} |`,
    `|---|${licences.map(() => "---:").join("|")}|`,
    ...names.toSorted((a, b) => Number(a === "") - Number(b === "") || most(b) - most(a) || (a < b ? -1 : 1)).map((
      name
    ) => `| ${linkedLicence(name)} | ${rowsOf(name).map(counted).join(" | ")} |`),
    ""
  ]
}

/** Returns the section on what was left out before the dataset was published. */
export const leftOutInCard = ({ fitness, made, stages }: Report): ReadonlyArray<string> => {
  const { decontaminated, leftOut, nearDuplicates, personalData } = fitness
  if (made === null) return []
  const mostly = mostLeftOut(stages, leftOut)
  const clusters = Object.entries(nearDuplicates).map(([type, { clusters, largest, left_out: left }]) =>
    `${countedOf(left, "example")} of ${type} from ${countedOf(clusters, "cluster")} of at most ${counted(largest)}`
  )
  return [
    "## What was left out",
    "",
    ...(mostly.length === 0
      ? []
      : [`Left out most often, by stage: ${listed(mostly)}. \`report.html\` tells all reasons.`, ""]),
    ...(clusters.length === 0
      ? ["Near-duplicates were not looked for."]
      : [`Of examples that are nearly alike one stays, in train and test together. Left out are ${listed(clusters)}.`]),
    "",
    ...(decontaminated.length === 0
      ? ["No benchmark was looked for."]
      : [
        "No row shares three runs of ten words with one task of these files:",
        "",
        "| file | tasks | SHA-256 |",
        "|---|---:|---|",
        ...decontaminated.map(({ name, sha256, tasks }) =>
          `| ${inCell(withoutSecret(name))} | ${tasks === null ? "" : counted(tasks)} | ${inCell(sha256 ?? "")} |`
        )
      ]),
    "",
    personalDataSentences.get(personalData ?? "keep") ?? "",
    "",
    ...(leftOut.length === 0 ? [] : [
      "| left out as | times |",
      "|---|---:|",
      ...leftOut.map(([reason, count]) => `| ${inCell(withoutSecret(reason))} | ${counted(count)} |`),
      ""
    ])
  ]
}

/** So many reasons are told in a sentence. */
const toldReasons = 5

/** Returns the most frequent reasons of all stages, but those that the table of the section tells. */
const mostLeftOut = (stages: Report["stages"], inTable: Fitness["leftOut"]): ReadonlyArray<string> =>
  stages.flatMap(({ came, leftOut, name }) => leftOut.map(([reason, count]) => ({ reason, count, came, name })))
    .filter(({ count, reason }) => count > 0 && !inTable.some(([told]) => reason.startsWith(told)))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, toldReasons)
    .map(({ came, count, name, reason }) =>
      `${inCell(withoutSecret(reason))} (${counted(count)} of ${counted(came)} ${inCell(name)})`
    )

const personalDataSentences: ReadonlyMap<string, string> = new Map([
  ["keep", "E-mail addresses and other personal data in the code stand as their authors wrote them."],
  [
    "mask",
    "E-mail addresses, public IPv4 addresses and phone numbers are masked; names of people were not looked for."
  ],
  [
    "leave-out",
    "Rows with e-mail addresses, public IPv4 addresses or phone numbers are left out; names of people were not looked for."
  ]
])

/** Returns the section on how to have code removed. */
export const removalInCard = ({ made, types }: Report, { creator, url }: Published): ReadonlyArray<string> => {
  if (made === null) return []
  const whom = creator === undefined ? "whoever published this dataset" : inCell(creator)
  return [
    "## How to have code removed",
    "",
    // Paths of edits do not say where they come from.
    (types.some(({ files }) => files.some(({ stats }) => stats.fields["repo"] !== undefined))
      ? "Every row names its repository, file and commit in `metadata`. "
      : "") +
    `To have code of yours removed, ask ${whom}` +
    `${url === undefined ? "" : ` at <${url}>`} and name the repository, or the paths or the authors in it.`,
    ""
  ]
}
