/** A program as stages, each of which needs only the folders of those before it: one process does all, or many share them. */
import * as Effect from "effect/Effect"
import { Crew, type Failing, type WorkPiece, type WorkStage } from "../../../services/Crew.ts"
import { WrongUsage } from "../problems.ts"

/** A stage that is known once the stages before it are done. */
export interface PlannedStage<E, R> {
  readonly name: string
  readonly plan: Effect.Effect<WorkStage<E, R>, E, R>
}

/** What a run over stages is asked, and how it ends. */
export interface StagedRun<E, R> {
  /** What all who share the run must be asked alike. Plain JSON. */
  readonly request: unknown
  readonly stages: ReadonlyArray<PlannedStage<E, R>>
  /** Makes a piece in place of its stage, such as in a process of its own. */
  readonly make?: MakePiece<E> | undefined
  /** Does one stage alone; all when left out. */
  readonly only?: string | undefined
  /** Absolute paths of results that do not lie in the output folder, by their names in the last piece. */
  readonly beside: Readonly<Record<string, string>>
}

/** Makes a piece of a stage in a folder. */
export type MakePiece<E> = (
  stage: Pick<WorkStage<never, never>, "name">,
  piece: WorkPiece,
  folder: string
) => Effect.Effect<void, E>

/** The piece of a stage that is one piece. */
export const wholeStage = "all"

/** How a run over stages ended for one of those who share it. */
export type StagedOutcome = "sealed before" | "sealed" | "stage done"

/** Does what is left to do of a run, and seals it after the last stage. */
export const runStages = Effect.fn("shared.runStages")(function*<E extends Failing, R>(run: StagedRun<E, R>) {
  const ended = (outcome: StagedOutcome) => Effect.as(seal, outcome)
  const crew = yield* Crew
  const made = (stage: WorkStage<E, R>): WorkStage<E, R> => {
    const { make } = run
    return make === undefined ? stage : { ...stage, make: (piece, folder) => make(stage, piece, folder) }
  }
  const last = run.stages[run.stages.length - 1]
  const seal = crew.seal({ stage: last?.name ?? "", piece: wholeStage, beside: run.beside })
  const { isSealed } = yield* crew.agree(run.request)
  // Whoever sealed it may have been ended before it removed all that the run needed.
  if (isSealed) return yield* ended("sealed before")
  const chosen = run.stages.filter(({ name }) => run.only === undefined || name === run.only)
  const work = Effect.forEach(chosen, ({ plan }) => Effect.flatMap(plan, (stage) => crew.finish(made(stage))), {
    discard: true
  })
  const isFinished = yield* Effect.as(work, false).pipe(
    // Folders that are gone because all is done are no failure.
    Effect.catchAll((failure) =>
      Effect.flatMap(crew.isSealed, (isSealed) => isSealed ? Effect.succeed(true) : Effect.fail(failure))
    )
  )
  if (isFinished) return yield* ended("sealed before")
  const isLast = last !== undefined && chosen.includes(last)
  return yield* isLast ? ended("sealed") : Effect.succeed<StagedOutcome>("stage done")
})

/** Makes one piece in a folder: what a process does that was started for it alone. */
export const makePiece = Effect.fn("shared.makePiece")(function*<E, R>(
  stages: ReadonlyArray<PlannedStage<E, R>>,
  asked: { readonly stage: string; readonly piece: string; readonly folder: string }
) {
  const none = new WrongUsage({ detail: `Cannot make "${asked.stage}/${asked.piece}": the run has no such piece` })
  const planned = stages.find(({ name }) => name === asked.stage)
  if (planned === undefined) return yield* none
  const stage = yield* planned.plan
  const piece = stage.pieces.find(({ name }) => name === asked.piece)
  if (piece === undefined) return yield* none
  return yield* stage.make(piece, asked.folder)
})
