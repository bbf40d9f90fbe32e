/** How far a run has come, in figures and in words. */
import type { CrewView, StageView } from "../../services/Crew.ts"
import { isFields } from "../../services/rows/fields.ts"

/** How far a stage has come. */
export interface StageProgress {
  readonly stage: string
  readonly pieces: number
  readonly done: number
  readonly under_way: number
  /** Share of the work that is done, from 0 to 1. */
  readonly share: number
  /** Pieces that were done in an hour, of late; null where too few are. */
  readonly pieces_per_hour: number | null
  /** Null where no rate is known. */
  readonly seconds_left: number | null
}

/** How far a run has come. */
export interface RunProgress {
  readonly task: string
  readonly is_finished: boolean
  readonly seconds: number
  readonly stages: ReadonlyArray<StageProgress>
  /** Tries that failed, by their reason. */
  readonly failed: Readonly<Record<string, number>>
  /** Pieces that failed, with how often. */
  readonly failed_pieces: Readonly<Record<string, number>>
}

/** The rate is that of so many milliseconds: who joins and who leaves changes it. */
const lately = 10 * 60_000

/** Returns figures. */
export const progressOf = (view: CrewView): RunProgress => {
  const { began, failed, isSealed, now, request, stages } = view
  return {
    task: isFields(request) && typeof request["task"] === "string" ? request["task"] : "",
    is_finished: isSealed,
    seconds: Math.max(0, Math.round((now - began) / 1000)),
    stages: stages.map((stage) => stageProgress(stage, view)),
    failed: counted(failed.map(({ reason }) => reason)),
    failed_pieces: counted(failed.map(({ piece }) => piece))
  }
}

const counted = (names: ReadonlyArray<string>): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

const stageProgress = (
  { began, done, name, pieces, underWay, weight }: StageView,
  { now }: CrewView
): StageProgress => {
  const doneWeight = done.reduce((sum, one) => sum + one.weight, 0)
  const from = Math.max(began, now - lately)
  const recent = done.filter(({ at }) => at >= from)
  const millis = Math.max(1, now - from)
  const rate = recent.length < 2 ? null : recent.reduce((sum, one) => sum + one.weight, 0) / millis
  const isDone = done.length >= pieces
  return {
    stage: name,
    pieces,
    done: done.length,
    under_way: underWay,
    share: weight === 0 ? 1 : Math.min(1, doneWeight / weight),
    pieces_per_hour: recent.length < 2 ? null : Math.round(recent.length / millis * 3_600_000),
    seconds_left: isDone ? 0 : rate === null ? null : Math.round((weight - doneWeight) / rate / 1000)
  }
}

/** Returns the figures as a person reads them. */
export const renderStatus = ({ failed, is_finished, seconds, stages, task }: RunProgress): string => {
  const width = Math.max(0, ...stages.map(({ stage }) => stage.length))
  const state = is_finished ? "finished" : "under way"
  return [
    `${task}: ${state}, begun ${time(seconds)} ago`,
    ...stages.map((stage) => `  ${stage.stage.padEnd(width)}  ${renderStage(stage)}`),
    ...Object.entries(failed).map(([reason, count]) =>
      `  failed ${count === 1 ? "once" : `${count} times`}: ${reason}`
    ),
    ""
  ].join("\n")
}

const renderStage = ({ done, pieces, pieces_per_hour, seconds_left, share, under_way }: StageProgress): string => {
  if (done >= pieces) return `${done} of ${pieces} pieces`
  return [
    `${done} of ${pieces} pieces (${Math.floor(100 * share)} % of the work)`,
    ...under_way === 0 ? [] : [`${under_way} under way`],
    ...pieces_per_hour === null ? [] : [`${pieces_per_hour} an hour`],
    ...seconds_left === null ? [] : [`about ${time(seconds_left)} left`]
  ].join(", ")
}

const time = (seconds: number): string =>
  seconds < 120
    ? `${seconds} s`
    : seconds < 7200
    ? `${Math.round(seconds / 60)} min`
    : `${(seconds / 3600).toFixed(1)} h`
