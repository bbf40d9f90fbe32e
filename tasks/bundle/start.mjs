/**
 * Starts the program or one of its threads. Each is one script and no modules: Node can be given what V8 compiled of a
 * script the last time. A start then reads one file instead of a hundred, and parses nothing of what it runs. The
 * bundle's main.mjs and worker.mjs are made of this.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { setFlagsFromString } from "node:v8"
import { Script } from "node:vm"
import { isMainThread, threadId } from "node:worker_threads"
import { openUserFolder } from "./caches.mjs"
import { engineName } from "./engine.mjs"

/* global packagedName, scriptHash, scriptName -- set when the bundle is built */
const folder = dirname(fileURLToPath(import.meta.url))
const file = join(folder, `${scriptName}.cjs`)

// Work comes in bounded pieces, so garbage is most of every heap: collecting it sooner keeps the peak flat. A run is short
// and has a thread for every core, so what is compiled again for speed must have been worth it. Threads take these over.
// V8 takes compiled code only with the flags that it was compiled with.
if (isMainThread) {
  setFlagsFromString("--heap-growing-percent=20")
  setFlagsFromString("--interrupt-budget=800000")
}

/** Each task runs other parts. A thread that serves a caller of the library serves any of them, and keeps nothing. */
const task = /^[a-z-]{1,20}$/.exec(process.argv[2] ?? (isMainThread ? "list" : ""))?.[0]
const name = `${scriptName}-${scriptHash}-${engineName()}-${task}.code`

/** Beside a clone's bundle; an installed package may lie where nothing can be written. */
const folderOfCode = (isWritten) => typeof packagedName === "undefined" ? folder : openUserFolder("code", isWritten)

const orNothing = (work) => {
  try {
    return work()
  } catch {
    // What is kept saves time, and nothing else.
    return undefined
  }
}

const cachedData = task === undefined ? undefined : orNothing(() => readFileSync(join(folderOfCode(false), name)))
const script = new Script(
  `(function(require,module,exports,programUrl,importPackage){${readFileSync(file, "latin1")}\n})`,
  {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData })
  }
)
if (task !== undefined && script.cachedDataRejected !== false) {
  // What has run by then is what the next run will need.
  process.on("exit", (code) => {
    if (code !== 0) return
    orNothing(() => {
      const kept = folderOfCode(true)
      // What another version of the program has left there, in the folder of the user.
      const old = readdirSync(kept).filter((one) =>
        one.startsWith(`${scriptName}-`) && one.includes(".code") && !one.includes(scriptHash)
      )
      for (const one of old) rmSync(join(kept, one), { force: true })
      const path = join(kept, name)
      const draft = `${path}.${process.pid}-${threadId}`
      writeFileSync(draft, script.createCachedData())
      renameSync(draft, path)
    })
  })
}
const module = { exports: {} }
const importPackage = (name) => import(name)
script.runInThisContext()(createRequire(file), module, module.exports, pathToFileURL(file).href, importPackage)
