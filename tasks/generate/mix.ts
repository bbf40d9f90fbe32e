/** Kinds of answers that give each of several names a share. */
import * as Schema from "effect/Schema"
import type { Kind } from "../shared/asked/kinds.ts"

const Shares = Schema.Record({ key: Schema.String, value: Schema.Number.pipe(Schema.positive()) }).pipe(
  Schema.filter((mix) => Object.keys(mix).length > 0)
)

const readShares = (typed: string, nameOf: (typed: string) => string) =>
  Object.fromEntries(
    typed.split(",").map((part) => {
      const [name = "", share = ""] = part.split("=")
      return [nameOf(name.trim()), share.trim() === "" ? Number.NaN : Number(share)]
    })
  )

const showShares = (mix: unknown): string =>
  typeof mix === "object" && mix !== null
    ? Object.entries(mix).map(([name, share]) => `${name}=${String(share)}`).join(",")
    : String(mix)

/** Shares by format name, such as { PSM: 0.5, SPM: 0.5 }; typed as "PSM=0.5,SPM=0.5". */
export const shares: Kind<Readonly<Record<string, number>>> = {
  placeholder: "SHARES",
  takes: "shares above 0, such as PSM=0.5,SPM=0.5",
  read: (typed) => readShares(typed, (name) => name.toUpperCase()),
  is: Schema.is(Shares),
  show: showShares
}

/**
 * Shares of some names, those that are not typed being 0; typed with hyphens, as in "same-line=2,far=1". A name that is
 * none of them is told with those that there are.
 */
export const sharesNamed = <Name extends string>(
  names: ReadonlyArray<Name>
): Kind<Readonly<Partial<Record<Name, number>>>> => {
  const typedNames = names.map((name) => [name.replaceAll(" ", "-"), name] as const)
  const known = new Map<string, Name>(typedNames)
  const isShare = Schema.is(Schema.Number.pipe(Schema.nonNegative(), Schema.finite()))
  const isName = (name: string): name is Name => names.some((one) => one === name)
  return {
    placeholder: "SHARES",
    takes: `shares of ${typedNames.map(([typed]) => typed).join(", ")}, such as ${typedNames[0]?.[0] ?? ""}=1`,
    read: (typed) => readShares(typed, (name) => known.get(name.toLowerCase()) ?? name),
    is: (value): value is Readonly<Partial<Record<Name, number>>> =>
      typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).every(isName) &&
      Object.values(value).every(isShare) && Object.values(value).some((share) => share > 0),
    show: (mix) => showShares(mix).replaceAll(" ", "-")
  }
}
