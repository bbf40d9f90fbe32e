/** The licences of the rows: what the card, its head and Croissant say of them. */
import spdxNames from "spdx-license-list/simple.js"
import { licenceAddress, licencesIn, parseLicence } from "../../services/hygiene/licence-expression.ts"
import { addUp, type SurveyedType } from "./survey.ts"

/** Rows by the licence that they name, as an SPDX expression; "" is that of rows whose licence is not known. */
export interface LicensedType {
  readonly name: string
  readonly licences: Readonly<Record<string, number>>
}

/** Returns the types whose rows say their licences; none where nobody looked at them. */
export const licensedTypes = (types: ReadonlyArray<SurveyedType>): ReadonlyArray<LicensedType> => {
  const licensed = types.map(({ files, name }) => ({ name, licences: addUp(files.map((file) => file.licences)) }))
  return licensed.some(({ licences }) => Object.keys(licences).some((licence) => licence !== "")) ? licensed : []
}

/** What a dataset is licensed as: what its publisher says, and what its rows say. */
export interface LicenceAsked {
  /** A name of the Hub, or "other". */
  readonly license: string
  readonly licenseLink: string | undefined
}

/**
 * Returns the addresses of the licences of a dataset: that which its publisher says, or else those of its rows; or why
 * there is none to be told.
 */
export const licenceAddresses = (
  { license, licenseLink }: LicenceAsked,
  types: ReadonlyArray<LicensedType>
): ReadonlyArray<string> | string => {
  if (licenseLink !== undefined) return [licenseLink]
  if (license !== otherLicence) {
    const name = spdxNameOf(license)
    return name === undefined ? `SPDX lists no licence "${license}"; pass --license-link too` : [licenceAddress(name)]
  }
  const found = [...new Set(types.flatMap(({ licences }) => Object.keys(licences)))]
  if (found.length === 0) return "no row says its licence; pass --license, or generate with --licenses"
  const names = found.map(licenceNamesOf)
  return names.some((some) => some.length === 0)
    ? "the licences of some rows are not known; pass --license or --license-link"
    : [...new Set(names.flat())].sort().map(licenceAddress)
}

/** What the Hub calls a licence that it has no name for. */
export const otherLicence = "other"

/** Returns the SPDX name that the Hub writes in small letters. */
const spdxNameOf = (name: string): string | undefined =>
  [...spdxNames].find((one) => one.toLowerCase() === name.toLowerCase())

/** Returns the licences that a row names, as expressions joined by commas; none where one of them is not known. */
const licenceNamesOf = (licence: string): ReadonlyArray<string> => {
  const all = licence.split(", ").map((one) => parseLicence(spdxNameOf(one) ?? one))
  return all.every((one) => one !== undefined) ? all.flatMap(licencesIn) : []
}
