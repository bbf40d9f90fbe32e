/** The port of a flag, checked: a socket asks no questions, it throws. */
import * as Effect from "effect/Effect"
import { WrongUsage } from "./problems.ts"

const mostPort = 65_535

export const checkPort = (port: number, flag = "--port"): Effect.Effect<void, WrongUsage> =>
  port >= 0 && port <= mostPort
    ? Effect.void
    : new WrongUsage({ detail: `Cannot use ${flag} ${port}: it takes a number from 0 to ${mostPort}` })
