/**
 * Kills runs of the program, each at a moment that a seed draws, with all processes of their group; runs them again, and
 * compares what lies there with what an undisturbed run leaves. Plain node, so that a bench can use it too.
 */
import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch } from "node:fs"
import { join } from "node:path"
import { randomOf } from "../../services/text/random.ts"

/** A run to kill: a call of the program in a folder of its own, which is empty before. */
export interface KilledRun {
  readonly task: string
  readonly format: string
  readonly args: ReadonlyArray<string>
  /** What the second run is asked beside the first: "--resume", where the task knows it. */
  readonly again: ReadonlyArray<string>
  /** Folder below the run's own that holds its files. */
  readonly folder: string
  /** Whether the run takes worker threads; it then has two at every other kill. */
  readonly isThreaded: boolean
  /** Puts what the run reads into its folder. */
  readonly prepare?: (folder: string) => void
}

export type Phase = "any moment" | "publishing"

export interface Kill {
  readonly run: KilledRun
  readonly phase: Phase
  readonly number: number
  readonly seed: number
}

/** What became of a run that was killed. */
export interface KillOutcome {
  readonly kill: Kill
  /** Whether it was still running. */
  readonly wasKilled: boolean
  /** What differs after the second run from an undisturbed one; "" for nothing. */
  readonly difference: string
  /** What was left that nobody removed, a line each. */
  readonly left: ReadonlyArray<string>
}

export interface KillSettings {
  /** Path of the program. */
  readonly main: string
  /** An empty folder, below which all runs go. */
  readonly root: string
}

/** Draws kills, every third of them in the publishing phase, from each run in turn. */
export const drawKills = (runs: ReadonlyArray<KilledRun>, count: number, seed: number): ReadonlyArray<Kill> =>
  Array.from({ length: count }, (_, number) => {
    const run = runs[number % runs.length]
    if (run === undefined) throw new Error("there is no run to kill")
    // Each run is killed in both phases, whatever the number of runs.
    const phase = (number + Math.floor(number / runs.length)) % 3 === 0 ? "publishing" : "any moment"
    return { run, phase, number, seed }
  })

interface Calm {
  readonly files: ReadonlyMap<string, string>
  /** How two of them differed; "" where they did not. */
  readonly difference: string
  readonly millis: number
  /** When the first of its files had its name. */
  readonly published: number
}

/** Kills runs one after the other, each kind measured once before its first kill. */
export const makeKiller = ({ main, root }: KillSettings) => {
  const calms = new Map<KilledRun, Promise<Calm>>()
  let used = 0

  const freshFolder = (run: KilledRun): string => {
    const folder = join(root, `run-${used++}`)
    for (const name of ["", "out", "tmp", "cache", "home", join("out", run.folder)]) {
      mkdirSync(join(folder, name), { recursive: true, mode: 0o755 })
    }
    run.prepare?.(join(folder, "out"))
    return folder
  }

  const start = (run: KilledRun, folder: string, rest: ReadonlyArray<string>) => {
    const child = spawn(process.execPath, [main, ...run.args, ...rest], {
      cwd: join(folder, "out"),
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        PATH: process.env["PATH"],
        HOME: join(folder, "home"),
        TMPDIR: join(folder, "tmp"),
        XDG_CACHE_HOME: join(folder, "cache")
      }
    })
    let stderr = ""
    child.stderr.on("data", (data) => stderr += data)
    const killGroup = () => {
      try {
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL")
      } catch {
        // It has ended.
      }
    }
    const ended = new Promise<{ readonly code: number | null; readonly isKilled: boolean; readonly stderr: string }>(
      (resolve) => child.on("close", (code, signal) => resolve({ code, isKilled: signal === "SIGKILL", stderr }))
    )
    return { ended, killGroup }
  }

  /** Calls `then` when a name appears in the folder that says that publishing has begun. */
  const onPublishing = (folder: string, isFinal: (name: string) => boolean, then: () => void) => {
    let isOver = false
    const watcher = watch(folder, (_, name) => {
      if (isOver || name === null || !isFinal(name)) return
      isOver = true
      then()
    })
    return watcher
  }

  const threads = (run: KilledRun, number: number) => run.isThreaded ? ["-j", number % 2 === 0 ? "1" : "2"] : []

  const measure = async (run: KilledRun): Promise<Calm> => {
    const once = async (finals: ReadonlySet<string>) => {
      const folder = freshFolder(run)
      const began = performance.now()
      let published = Infinity
      const watcher = onPublishing(join(folder, "out", run.folder), isPublished(finals), () => {
        published = performance.now() - began
      })
      const { code, stderr } = await start(run, folder, threads(run, 0)).ended
      watcher.close()
      const millis = performance.now() - began
      if (code !== 0) throw new Error(`${run.task} ${run.format}: an undisturbed run ended with ${code}: ${stderr}`)
      const left = await leftOf(folder)
      if (left.length > 0) throw new Error(`${run.task} ${run.format}: an undisturbed run left ${left.join(", ")}`)
      const files = filesIn(join(folder, "out"))
      rmSync(folder, { recursive: true })
      return { files, millis, published: Math.min(published, millis), difference: "" }
    }
    const { files } = await once(new Set())
    const second = await once(new Set(files.keys()))
    return { ...second, difference: differenceOf(files, second.files) }
  }

  /** What lies outside of the results, and what still runs, once dying processes have had their time. */
  const leftOf = async (folder: string): Promise<ReadonlyArray<string>> => {
    let running = processesOf(folder)
    for (let tries = 0; running.length > 0 && tries < 60; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      running = processesOf(folder)
    }
    return [
      ...running.map((name) => `process ${name}`),
      ...readdirSync(join(folder, "tmp")).map((name) => `TMPDIR ${kindOf(name)}`),
      ...[...filesIn(join(folder, "cache")).keys()].filter((name) => /(?:^|\/)draft-|\.part$/.test(name))
        .map((name) => `cache ${kindOf(name)}`)
    ]
  }

  /** Kills a run; where it ends before its moment, another moment is drawn, a few times. */
  const kill = async (asked: Kill): Promise<KillOutcome> => {
    for (let tries = 0;; tries++) {
      const outcome = await killOnce(asked, randomOf("kill", asked.seed, asked.number, tries).next())
      if (outcome.wasKilled || tries === 9) return outcome
    }
  }

  /** Kills a run where in its phase the share says. */
  const killOnce = async (asked: Kill, share: number): Promise<KillOutcome> => {
    const { number, phase, run } = asked
    const measured = calms.get(run) ?? measure(run)
    calms.set(run, measured)
    const calm = await measured
    const folder = freshFolder(run)
    const out = join(folder, "out")
    const { ended, killGroup } = start(run, folder, threads(run, number))
    const timers: Array<NodeJS.Timeout> = []
    const watcher = phase === "publishing"
      ? onPublishing(join(out, run.folder), isPublished(new Set(calm.files.keys())), () => {
        timers.push(setTimeout(killGroup, share * (calm.millis - calm.published)))
      })
      : undefined
    if (phase === "any moment") timers.push(setTimeout(killGroup, share * calm.millis))
    const { isKilled } = await ended
    watcher?.close()
    for (const timer of timers) clearTimeout(timer)
    if (!isKilled) {
      rmSync(folder, { recursive: true })
      return { kill: asked, wasKilled: false, difference: "", left: [] }
    }
    const left: Array<string> = []
    const processes = (await leftOf(folder)).filter((line) => line.startsWith("process"))
    left.push(...processes)
    const between = filesIn(out)
    // What has its name is whole, and where the metadata has its name nothing else is there.
    let difference = calm.difference === "" ? "" : `undisturbed: ${calm.difference}`
    for (const [name, digest] of between) {
      if (calm.files.has(name) && calm.files.get(name) !== digest) difference = `${name} stood there with other bytes`
    }
    // Only what can be resumed is sealed.
    const seal = run.again.length === 0 ?
      undefined :
      [...calm.files.keys()].find((name) => name === join(run.folder, "metadata.json")) ??
        [...calm.files.keys()].find((name) => name.endsWith(".metadata.json"))
    if (seal !== undefined && between.has(seal)) {
      left.push(...[...between.keys()].filter((name) => !calm.files.has(name)).map((name) => `beside the seal ${name}`))
      const absent = [...calm.files.keys()].filter((name) => !between.has(name))
      if (absent.length > 0) difference = `sealed without ${absent.join(", ")}`
    }
    const second = await start(run, folder, [...threads(run, number + 1), ...run.again]).ended
    const after = filesIn(out)
    if (second.code !== 0) difference = `the second run ended with ${second.code}: ${second.stderr.trim()}`
    else if (difference === "") difference = differenceOf(calm.files, after)
    left.push(...[...after.keys()].filter((name) => !calm.files.has(name)).map((name) => `result ${name}`))
    left.push(...await leftOf(folder))
    if (difference === "" && left.length === 0) rmSync(folder, { recursive: true, force: true })
    return { kill: asked, wasKilled: true, difference, left }
  }

  return { kill }
}

const isPublished = (finals: ReadonlySet<string>) => {
  const names = new Set([...finals].map((name) => name.slice(name.lastIndexOf("/") + 1)))
  return (name: string) => names.has(name) || name.endsWith("metadata.json.part")
}

const differenceOf = (wanted: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): string => {
  const other = [...wanted].filter(([name, digest]) => found.get(name) !== digest).map(([name]) => name)
  return other.length === 0 ? "" : `${other.join(", ")} differ`
}

/** Digests of all files below a folder, by their paths. */
const filesIn = (folder: string): ReadonlyMap<string, string> => {
  const files = new Map<string, string>()
  if (!existsSync(folder)) return files
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(path.slice(folder.length + 1), createHash("sha256").update(readFileSync(path)).digest("hex"))
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** A name without what is drawn at random in it. */
const kindOf = (name: string): string => name.replace(/(retrace-[a-z]+-|draft-).*$/, "$1…")

/** Programs that run in the folder or were told of it, whoever their parent is now. */
const processesOf = (folder: string): ReadonlyArray<string> =>
  readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8")
      const isOurs = command.includes(folder) || readFileSync(`/proc/${pid}/environ`, "utf8").includes(`${folder}/`)
      const isDead = /\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"))
      return isOurs && !isDead && pid !== String(process.pid) ? [command.split("\0").slice(0, 2).join(" ")] : []
    } catch {
      return []
    }
  })
