/** Kinds of answers about where and when a dataset is published. */
import * as Schema from "effect/Schema"
import type { Kind } from "../shared/asked/kinds.ts"

const isWebAddress = (value: string): boolean => {
  const address = URL.canParse(value) ? new URL(value) : undefined
  return address?.protocol === "https:" || address?.protocol === "http:"
}

/** An address of the web. */
export const webAddress: Kind<string> = {
  placeholder: "URL",
  takes: "an address such as https://example.org/rows",
  read: (typed) => typed,
  is: Schema.is(Schema.String.pipe(Schema.filter(isWebAddress))),
  show: String
}

/** The 31st of February would roll over into March. */
const isDay = (value: string): boolean => {
  const millis = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : Number.NaN
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(value)
}

/** A day. */
export const day: Kind<string> = {
  placeholder: "DATE",
  takes: "a day such as 2026-01-31",
  read: (typed) => typed,
  is: Schema.is(Schema.String.pipe(Schema.filter(isDay))),
  show: String
}
