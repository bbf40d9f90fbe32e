/** What the fields of a row tell, in the forms that sets give it. */
import { type Fields, textOf } from "../rows/fields.ts"
import { languageOfPath, languageSpelled } from "../text/language.ts"
import { fingerprint } from "../text/random.ts"

/** Returns the text of a field; "" where it is none. */
export const toldIn = (row: Fields, name: string): string => textOf(row[name]) ?? ""

/** Whether all of some fields are texts. */
export const hasTexts = (row: Fields, names: ReadonlyArray<string>): boolean =>
  names.every((name) => textOf(row[name]) !== undefined)

/** Returns our name of a language by a name of it, or else by a path; what nobody knows keeps its name. */
export const languageTold = (name: string, path: string): string =>
  languageSpelled(name) ?? languageOfPath(path)?.name ?? name

/**
 * Returns a date in ISO 8601 of a date with or without a time, which is taken to be that of Greenwich where it does not
 * say; "" of anything else.
 */
export const dateTold = (text: string): string => {
  const [, day, time = "00:00:00", zone = "Z"] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2})(?:\.\d+)?)?\s*(Z|[-+]\d{2}:?\d{2})?$/.exec(text.trim()) ?? []
  const millis = day === undefined ? NaN : Date.parse(`${day}T${time}${zone}`)
  return Number.isNaN(millis) ? "" : `${new Date(millis).toISOString().slice(0, 19)}Z`
}

/** Returns a name for the program that a gap was cut from, the same for all gaps of it. */
export const programGroup = (...texts: ReadonlyArray<string>): string => fingerprint(texts.join(""))
