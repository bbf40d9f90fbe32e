/** What a person is told of rows that could not be looked at. */

/**
 * Returns what is said of rows that could not be looked at, behind the number of all rows; "" where there are none.
 *
 * @example
 * describeFaults({ faults: { "no JSON": 2, "too long": 1 } }) // ", 2 of them no JSON and 1 too long"
 */
export const describeFaults = ({ faults }: { readonly faults: Readonly<Record<string, number>> }): string => {
  const counts = Object.entries(faults)
  return counts.length === 0
    ? ""
    : `, ${counts.map(([fault, count], at) => `${count}${at === 0 ? " of them" : ""} ${fault}`).join(" and ")}`
}
