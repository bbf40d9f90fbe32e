/** Puts together what a report tells, from what was found in the rows and how they were made. */
import type { Measure } from "../../services/measures/score.ts"
import type { TokenCounter } from "../../services/measures/token-counts.ts"
import { withoutSecret } from "../../services/secrets/hidden.ts"
import { sharesLine } from "../shared/dataset-run/shares.ts"
import type { Provenance } from "../shared/provenance.ts"
import { checksOf } from "./checks.ts"
import { figuresOf } from "./figures.ts"
import type { DatasetRecipes } from "./recipes/recipes-of.ts"
import { funnelFigures, stagesIn } from "./funnel.ts"
import { fitnessOf } from "./fitness.ts"
import { licensedTypes } from "./licences.ts"
import { madeAgain } from "./made-again.ts"
import type { Report, ReportedType } from "./page.ts"
import type { Survey, SurveyedFile } from "./survey.ts"
import { verdictOf } from "./verdict.ts"

export interface ReportOptions {
  readonly name: string
  readonly limits: Readonly<Record<Measure, number>>
  readonly counter: TokenCounter
  readonly provenance: Provenance
  readonly recipes: DatasetRecipes
}

/** Makes the report. */
export const reportOn = (survey: Survey, { counter, limits, name, provenance, recipes }: ReportOptions): Report => {
  const types = survey.types.map((type): ReportedType => ({
    ...type,
    checks: checksOf(type, limits),
    figures: figuresOf(type, counter),
    samples: heldLast(type.files).flatMap(({ samples }) => samples),
    recipe: recipes.configs.find((config) => config.name === type.name)?.recipes[0] ?? null
  }))
  const made = madeAgain(provenance)
  return {
    name,
    types,
    verdict: verdictOf(types, provenance.split),
    funnel: funnelFigures(provenance.ledger, types.length),
    stages: stagesIn(provenance.ledger),
    split: provenance.split === null ? "" : `The ${sharesLine(provenance.split)}.`,
    licences: licensedTypes(types),
    fitness: fitnessOf(provenance),
    made: made === null ? null : { command: withoutSecret(made.command), notes: made.notes.map(withoutSecret) },
    version: provenance.version
  }
}

const heldLast = (files: ReadonlyArray<SurveyedFile>): ReadonlyArray<SurveyedFile> =>
  files.toSorted((a, b) => Number(a.side === "held") - Number(b.side === "held"))
