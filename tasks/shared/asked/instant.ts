/** The kind of a moment in time: a day, or a time of day. */
import * as Schema from "effect/Schema"
import type { Kind } from "./kinds.ts"

const day = /^\d{4}-\d{2}-\d{2}$/
const time = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?$/

/**
 * Returns the moment as "2024-01-31T12:00:00Z", or undefined for a text that is none. A day without a time stands for
 * its moment `timeOfDay` in UTC: git alone would take the time of day of the run.
 */
const momentOf = (typed: string, timeOfDay: string): string | undefined => {
  const isDay = day.test(typed)
  const parsed = isDay || time.test(typed) ? Date.parse(isDay ? `${typed}T${timeOfDay}Z` : typed) : Number.NaN
  if (Number.isNaN(parsed)) return undefined
  const moment = new Date(parsed).toISOString()
  // The 31st of February would roll over into March.
  return isDay && moment.slice(0, 10) !== typed ? undefined : `${moment.slice(0, 19)}Z`
}

/** A day or a time; a day stands for its moment `timeOfDay`. */
export const instant = (timeOfDay: "00:00:00" | "23:59:59"): Kind<string> => ({
  placeholder: "DATE",
  takes: "a day such as 2024-01-31 or a time such as 2024-01-31T12:00:00Z",
  read: (typed) => momentOf(typed, timeOfDay) ?? typed,
  is: Schema.is(Schema.String.pipe(Schema.filter((value) => momentOf(value, timeOfDay) !== undefined))),
  show: String
})
