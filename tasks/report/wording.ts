/** How the report writes figures. */

/** Returns a count with its thousands apart. */
export const counted = (count: number): string => count.toLocaleString("en-US")

/** Returns a count with what is counted, in the plural where there is not one. */
export const countedOf = (count: number, one: string, many = `${one}s`): string =>
  `${counted(count)} ${count === 1 ? one : many}`

/** Returns a share as a percentage that tells it from none and from all. */
export const percent = (share: number): string => {
  const hundredths = share * 100
  const digits = hundredths > 0 && hundredths < 1 || hundredths > 99 && hundredths < 100 ? 2 : 1
  return `${Number(hundredths.toFixed(digits))} %`
}

/** Returns texts as a sentence lists them. */
export const listed = (texts: ReadonlyArray<string>): string =>
  texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`
