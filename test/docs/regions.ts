/** Parts of pages that a script writes: between two marks, `<!-- name -->` and `<!-- /name -->`, or a file of its own. */
import { readFileSync, writeFileSync } from "node:fs"

export interface Part {
  /** Path of the page under the root. */
  readonly file: string
  /** The name in its marks; undefined for a whole file. */
  readonly region: string | undefined
  readonly make: () => Promise<string>
}

/** Why a part cannot be made on this machine; it stays as it is. */
export class CannotMake extends Error {}

/** Returns the page with `text` between the marks of a region. */
export const withRegion = (page: string, region: string, text: string): string => {
  const [open, close] = [`<!-- ${region} -->\n`, `<!-- /${region} -->`]
  const from = page.indexOf(open)
  const to = page.indexOf(close, from)
  if (from < 0 || to < 0) throw new Error(`there is no ${open.trim()} … ${close}`)
  return `${page.slice(0, from)}${open}\n${text.trim()}\n\n${page.slice(to)}`
}

/** Brings a part of a file up to date, and returns whether it was; a check writes nothing. */
export const rewriteRegion = (
  { file, isCheck, region, text }: {
    readonly file: string
    readonly region: string | undefined
    readonly text: string
    readonly isCheck: boolean
  }
): boolean => {
  const before = region === undefined ? readOr(file, "") : readFileSync(file, "utf8")
  const after = region === undefined ? text : withRegion(before, region, text)
  if (before !== after && !isCheck) writeFileSync(file, after)
  return before === after
}

const readOr = (file: string, text: string): string => {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return text
  }
}
