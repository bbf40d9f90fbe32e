/**
 * A program of its own, which a run of lintseq starts in the background: makes ruff's compiled code in the folder that it
 * is given. With the path of such a file behind it, it only tries that one and tells by its exit code.
 */
import { spawnSync } from "node:child_process"
import { constants, setPriority } from "node:os"
import { basename } from "node:path"
import { fileURLToPath } from "node:url"
import { setFlagsFromString } from "node:v8"
import { isTaken, keepRuff } from "../layers/linter/compile-ruff.ts"
import { makeFolder } from "../layers/writer/make-folder.ts"
import { engineName } from "./bundle/engine.mjs"

const [folder = "", draft] = process.argv.slice(2)
// As the program is started.
setFlagsFromString("--heap-growing-percent=20")
setPriority(constants.priority.PRIORITY_LOW)

const isTakenElsewhere = (path: string): boolean =>
  spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), folder, path], { stdio: "ignore" })
    .status === 0

if (draft !== undefined) process.exitCode = isTaken(draft) ? 0 : 1
// Where the run has other flags than this process, its code would not be taken.
else if (basename(folder) === engineName()) {
  await makeFolder(folder)
  keepRuff(folder, isTakenElsewhere)
}
