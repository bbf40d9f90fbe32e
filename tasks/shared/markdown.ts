/** Texts of strangers in Markdown. */
import { licenceAddress, licencesIn, parseLicence } from "../../services/hygiene/licence-expression.ts"
import { shown } from "./cells.ts"

/** Returns a text that stands in a cell of a table as itself, on one line, whatever it holds. */
export const inCell = (text: string): string =>
  shown(text).replace(/[\\`*_{}[\]()<>#|~!]/g, "\\$&").replace(/&/g, "&amp;")

/**
 * Returns a licence for a cell, with a link to its text. Several, such as one may choose among, are told as they stand;
 * the empty text is a licence that is not known.
 */
export const linkedLicence = (licence: string): string => {
  if (licence === "") return "not known"
  const expression = parseLicence(licence)
  const [name, ...others] = expression === undefined ? [] : licencesIn(expression)
  return name === undefined || others.length > 0 ? inCell(licence) : `[${inCell(licence)}](${licenceAddress(name)})`
}
