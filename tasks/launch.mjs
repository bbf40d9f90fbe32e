#!/usr/bin/env node
/** What `retrace` and `pnpm task` call: runs the program from where it lies. */
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { locateProgram } from "./bundle/locate.mjs"

const located = await locateProgram().catch((cause) => {
  if (cause.exitCode === undefined) throw cause
  process.stderr.write(`${cause.message}\n`)
  process.exit(cause.exitCode)
})
await import(pathToFileURL(join(located, "main.mjs")).href)
