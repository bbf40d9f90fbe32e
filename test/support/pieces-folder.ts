/** Where the pieces of a shared run lie, below the folder in which all agreed. */
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"

export const piecesFolder = (agreement: string): string =>
  join(
    agreement,
    (existsSync(agreement) ? readdirSync(agreement) : []).find((name) => /^[\da-f]{16}$/.test(name)) ?? "none"
  )
