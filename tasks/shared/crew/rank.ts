/** Which rank a process is, as `--rank` says it: by number, or as the scheduler that started it tells. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Kind } from "../asked/kinds.ts"
import { WrongUsage } from "../problems.ts"

/** One of so many processes that share a run, numbered from 0. */
export interface Rank {
  readonly rank: number
  readonly of: number
}

const schedulers = ["slurm", "k8s"] as const
type Scheduler = (typeof schedulers)[number]

/** What can stand behind `--rank`. */
export type RankAsked = Rank | Scheduler

const isScheduler = Schema.is(Schema.Literal(...schedulers))
const isRank = Schema.is(
  Schema.Struct({ rank: Schema.Int.pipe(Schema.nonNegative()), of: Schema.Int.pipe(Schema.between(1, 100_000)) }).pipe(
    Schema.filter(({ of, rank }) => rank < of)
  )
)

/** A rank, such as 0/4, or the name of a scheduler. */
export const rankKind: Kind<RankAsked> = {
  placeholder: "I/N",
  takes: "a rank of several, from 0/4 to 3/4, slurm or k8s",
  read: (typed) => {
    const match = /^(\d+)\/(\d+)$/.exec(typed)
    return match === null ? typed : { rank: Number(match[1]), of: Number(match[2]) }
  },
  is: (value): value is RankAsked => isScheduler(value) || isRank(value),
  show: (value) => isRank(value) ? `${value.rank}/${value.of}` : String(value),
  choices: schedulers
}

/**
 * Returns the rank that is meant. Slurm numbers the tasks of a job step, the jobs of an array, or both; Kubernetes numbers
 * the pods of an indexed job, and whoever writes the job says how many there are.
 */
export const resolveRank = Effect.fnUntraced(function*(asked: RankAsked) {
  if (typeof asked !== "string") return asked
  const rank = asked === "slurm"
    ? yield* slurmRank
    : { rank: yield* told("JOB_COMPLETION_INDEX"), of: yield* told("COMPLETIONS") }
  if (isRank(rank)) return rank
  const names = asked === "slurm" ? "SLURM_PROCID and SLURM_NTASKS" : "JOB_COMPLETION_INDEX and COMPLETIONS"
  return yield* new WrongUsage({
    detail: `Cannot tell which rank this is: --rank ${asked} needs ${names} in the environment, or an I/N of your own`
  })
})

const told = (name: string) =>
  Effect.orElseSucceed(Effect.map(Config.integer(name), (number): number | undefined => number), () => undefined)

const slurmRank = Effect.gen(function*() {
  const [task, tasks] = [yield* told("SLURM_PROCID"), yield* told("SLURM_NTASKS")]
  const [job, first, step, jobs] = [
    yield* told("SLURM_ARRAY_TASK_ID"),
    yield* told("SLURM_ARRAY_TASK_MIN"),
    yield* told("SLURM_ARRAY_TASK_STEP"),
    yield* told("SLURM_ARRAY_TASK_COUNT")
  ]
  if (job === undefined || first === undefined || jobs === undefined) return { rank: task, of: tasks }
  return { rank: (job - first) / (step ?? 1) * (tasks ?? 1) + (task ?? 0), of: jobs * (tasks ?? 1) }
})
