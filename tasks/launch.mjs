#!/usr/bin/env node
/** What `pnpm task` calls: bundles when stale, then runs the bundle. */
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { ensureBundle, programEntries } from "./bundle.mjs"

const folder = await ensureBundle("program", programEntries)
await import(pathToFileURL(join(folder, "main.mjs")).href)
