/** Makes named pipes, by the program that every system has for it, wherever a test's own PATH leads. */
import { execFileSync } from "node:child_process"

export const makePipes = (...paths: ReadonlyArray<string>): void =>
  void execFileSync("mkfifo", [...paths], { env: { PATH: "/usr/bin:/bin" } })
