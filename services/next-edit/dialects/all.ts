/** All dialects. To add one, write its file beside these, and name it in this list. */
import type { Dialect } from "../dialect.ts"
import { instinct } from "./instinct.ts"
import { sweepV2 } from "./sweep-v2.ts"
import { sweep } from "./sweep.ts"
import { zeta1 } from "./zeta1.ts"
import { zeta21 } from "./zeta2-1.ts"
import { zeta2 } from "./zeta2.ts"

/** The dialects, by the names that `--format` takes. */
export const dialects: ReadonlyArray<Dialect> = [zeta2, zeta21, zeta1, sweep, sweepV2, instinct]

/** Returns the dialect of a name, or undefined. */
export const dialectNamed = (name: string): Dialect | undefined => dialects.find((dialect) => dialect.name === name)
