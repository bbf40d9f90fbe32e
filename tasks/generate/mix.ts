/** The kind of a mix of formats: a share for each. */
import * as Schema from "effect/Schema"
import type { Kind } from "../shared/asked/kinds.ts"

const Shares = Schema.Record({ key: Schema.String, value: Schema.Number.pipe(Schema.positive()) }).pipe(
  Schema.filter((mix) => Object.keys(mix).length > 0)
)

/** Shares by format name, such as { PSM: 0.5, SPM: 0.5 }; typed as "PSM=0.5,SPM=0.5". */
export const shares: Kind<Readonly<Record<string, number>>> = {
  placeholder: "SHARES",
  takes: "shares above 0, such as PSM=0.5,SPM=0.5",
  read: (typed) =>
    Object.fromEntries(
      typed.split(",").map((part) => {
        const [name = "", share = ""] = part.split("=")
        return [name.trim().toUpperCase(), share.trim() === "" ? Number.NaN : Number(share)]
      })
    ),
  is: Schema.is(Shares),
  show: (mix) =>
    typeof mix === "object" && mix !== null
      ? Object.entries(mix).map(([name, share]) => `${name}=${String(share)}`).join(",")
      : String(mix)
}
