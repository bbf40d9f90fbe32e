/**
 * Compiles ruff with V8's optimising compiler, on a program whose lines are left out one by one, as lintseq leaves them
 * out, and keeps the code. It takes some seconds, so a run has it done in the background for those that come after it.
 */
import { closeSync, openSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { setFlagsFromString } from "node:v8"
import { systemCode } from "../../services/faults/system-words.ts"
import { readCode, writeCode } from "./compiled-code.ts"
import { type Ruff, ruffCodePath, startRuffWith } from "./ruff-package.ts"
import { trainingProgram } from "./ruff-training.ts"

/** The states that the training program leaves. */
const trainingStates = (): ReadonlyArray<string> => {
  const lines = trainingProgram.split(/(?<=\n)/)
  return [trainingProgram, ...lines.map((_, left) => lines.filter((_, line) => line !== left).join(""))]
}

const train = (ruff: Ruff): void => {
  for (const state of trainingStates()) ruff.check(state)
}

/** Compiles each function of ruff's that is called, and writes the code. */
const compileInto = (path: string): void => {
  let module: object | undefined
  setFlagsFromString("--no-liftoff")
  try {
    train(startRuffWith((wasm, compile) => module = compile(wasm)))
  } finally {
    // The code is only taken with the flags that it was written with; the first of these set the second.
    setFlagsFromString("--liftoff")
    setFlagsFromString("--wasm-dynamic-tiering")
  }
  if (module !== undefined) writeCode(path, module)
}

/** Whether the code in a file is taken, and runs. */
export const isTaken = (path: string): boolean => {
  let isRead = false
  train(startRuffWith((wasm, compile) => {
    const module = readCode(path, wasm)
    isRead = module !== undefined
    return module ?? compile(wasm)
  }))
  return isRead
}

/** It takes some seconds; on a machine that is busy, some more. */
const longestMillis = 10 * 60_000

/** Opens the draft, unless another process is at it. */
const openDraft = (draft: string): boolean => {
  try {
    closeSync(openSync(draft, "wx"))
    return true
  } catch (cause) {
    const since = statSync(draft, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (systemCode(cause) !== "EEXIST" || Date.now() - since < longestMillis) return false
    rmSync(draft)
    return openDraft(draft)
  }
}

/**
 * Makes the file of ruff's compiled code in a folder. `isTakenElsewhere` tries a file in another process, which may die
 * of it. Where it is not taken, an empty file stands there instead, so that it is not made again and again.
 */
export const keepRuff = (folder: string, isTakenElsewhere: (path: string) => boolean): void => {
  const path = ruffCodePath(folder)
  const draft = `${path}.draft`
  if (statSync(path, { throwIfNoEntry: false }) !== undefined || !openDraft(draft)) return
  try {
    compileInto(draft)
    if (!isTakenElsewhere(draft)) writeFileSync(draft, "")
    renameSync(draft, path)
  } catch (cause) {
    rmSync(draft, { force: true })
    throw cause
  }
}
