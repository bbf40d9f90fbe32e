/** The verdict on a dataset: how many rows, whether they are balanced, and what falls short of its threshold. */
import { isShareNear } from "../shared/dataset-run/shares.ts"
import type { Provenance } from "../shared/provenance.ts"
import { type Check, isBalanced, labelsOf } from "./checks.ts"
import { addUp, mainShapeOf, rowsIn, type SurveyedType } from "./survey.ts"
import { counted, countedOf, listed, percent } from "./wording.ts"

/** A type of rows, and what it is held against. */
export interface CheckedType extends SurveyedType {
  readonly checks: ReadonlyArray<Check>
}

export interface Verdict {
  /** On the type of rows that leads. */
  readonly sentence: string
  /** On the other types; "" where there is none. */
  readonly beside: string
}

/** Returns the verdict; the type that leads comes first. */
export const verdictOf = (types: ReadonlyArray<CheckedType>, split: Provenance["split"]): Verdict => {
  const [lead, ...others] = types
  if (lead === undefined) return { sentence: "There is no row that can be read.", beside: "" }
  const failing = [...splitShortfalls(split), ...shortfallsOf(lead)]
  return {
    sentence: `${[sizeOf(lead), splitOf(lead, split), ...balanceOf(lead)].join(", ")}. ${
      failing.length === 0
        ? metOf(lead.checks.length)
        : `What falls short of its threshold: ${listed(failing)}.`
    }`,
    beside: others.length === 0 ? "" : besideOf(others)
  }
}

const metOf = (thresholds: number): string => {
  if (thresholds === 0) return "No threshold applies."
  return thresholds === 1 ? "The one threshold is met." : `All ${thresholds} thresholds are met.`
}

const sizeOf = ({ files, name }: SurveyedType): string => `${countedOf(rowsIn(files), "row")} of ${name}`

const splitOf = ({ files }: SurveyedType, split: Provenance["split"]): string => {
  const all = rowsIn(files)
  const train = rowsIn(files.filter(({ side }) => side === "train"))
  if (train === all) return "none held out"
  const asked = split?.asked ?? null
  return `${percent(train / all)} of them to train on${asked === null ? "" : ` (${percent(asked)} asked for)`}`
}

/** Where wanted and unwanted answers are told apart how they are balanced, and how repositories are. */
const balanceOf = (type: SurveyedType): ReadonlyArray<string> => {
  const labels = labelsOf(type)
  const isPairs = /dpo/.test(mainShapeOf(type))
  const repositories = Object.entries(addUp(type.files.map(({ stats }) => stats.fields["repo"] ?? {})))
    .toSorted(([, a], [, b]) => b - a)
  const [largest] = repositories
  return [
    ...(labels === null ? [] : [
      `${percent(labels.wanted / (labels.wanted + labels.unwanted))} of the answers wanted, which is ${
        isBalanced(labels) ? "balanced" : "not balanced"
      }`
    ]),
    ...(isPairs ? ["each with a wanted and an unwanted answer"] : []),
    ...(repositories.length < 2 || largest === undefined
      ? []
      : [
        `from ${repositories.length} repositories, ${largest[0]} with the most (${
          percent(largest[1] / rowsIn(type.files))
        })`
      ])
  ]
}

const besideOf = (others: ReadonlyArray<CheckedType>): string => {
  const sizes = listed(
    others.map(({ files, name }, place) =>
      `${place === 0 ? countedOf(rowsIn(files), "row") : counted(rowsIn(files))} of ${name}`
    )
  )
  const failing = others.flatMap((type) => shortfallsOf(type).map((told) => `${type.name} in ${told}`))
  return `There are also ${sizes}. Types are not added up, as they may show the same places.${
    failing.length === 0 ? "" : ` What falls short there: ${listed(failing)}.`
  }`
}

const shortfallsOf = ({ checks }: CheckedType): ReadonlyArray<string> =>
  checks.filter(({ holds }) => !holds).map(({ hit, limit, name, of }) => `${name}, ${percent(hit / of)} (${limit})`)

const splitShortfalls = (split: Provenance["split"]): ReadonlyArray<string> =>
  split === null || split.rows === null || split.asked === null || split.asked === 0 || split.asked === 1 ||
    isShareNear(split.rows, split.asked)
    ? []
    : [`the share of train, ${percent(split.rows)} (${percent(split.asked)} asked for)`]
