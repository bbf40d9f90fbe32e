/** Starts members of a crew as processes, and waits for what they tell. */
import { spawn } from "node:child_process"
import type { MemberOptions } from "./crew-member.ts"

/** No machine is so busy that what is waited for takes longer. */
const mostMillis = 60_000

/** Starts a member from its bundle. */
export const startMember = (program: string, options: MemberOptions) => {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "pipe"]
  })
  let told = ""
  let stderr = ""
  const looks = new Set<() => void>()
  child.stdout.on("data", (data) => {
    told += data
    for (const look of looks) look()
  })
  child.stderr.on("data", (data) => stderr += data)
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.on("close", (code, signal) => resolve(signal ?? code))
  )
  /** The pieces that it told something of. */
  const pieces = (what: string): ReadonlyArray<string> =>
    told.split("\n").filter((line) => line.startsWith(`${what} `)).map((line) => line.slice(what.length + 1))
  /** Returns the pieces that it told something of, when there are so many. */
  const hears = (what: string, count = 1): Promise<ReadonlyArray<string>> =>
    new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer)
        looks.delete(look)
      }
      const look = () => {
        if (pieces(what).length < count) return
        stop()
        resolve(pieces(what))
      }
      const timer = setTimeout(() => {
        stop()
        reject(new Error(`a member never told "${what}": ${told}${stderr}`))
      }, mostMillis)
      looks.add(look)
      look()
    })
  return { child, ended, hears, pieces, said: () => stderr }
}
