/** The kind of a database's address, for the flag that names the one where machines meet. */
import { withoutPasswords } from "../../../services/text/showable.ts"
import type { Kind } from "../asked/kinds.ts"

const isDatabase = (typed: string): boolean => {
  if (!/^postgres(?:ql)?:\/\/\S+$/.test(typed) || typed.includes("#") || !URL.canParse(typed)) return false
  const url = new URL(typed)
  return url.hostname !== "" || url.searchParams.has("host")
}

/** An address of a PostgreSQL database. */
export const clusterUrl: Kind<string> = {
  placeholder: "URL",
  takes: "an address of a PostgreSQL database, as in postgres://ada@db.example.org/retrace; in a password, every " +
    "character but letters and digits is written as in %2F",
  read: (typed) => typed,
  is: (value): value is string => typeof value === "string" && isDatabase(value),
  show: (value) => withoutPasswords(String(value)),
  // Where it is no address, nobody knows where its password ends.
  quote: (typed) => typed.replace(/^.*@/s, "…@")
}
