/** PostgreSQL servers for tests: each in a folder of its own, on a port that was free, with nothing to lose on a crash. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

export interface PostgresServer {
  /** Address of a database that is empty at first. */
  readonly url: string
  readonly start: () => Promise<void>
  /** Ends its sessions and stops it. */
  readonly stop: () => Promise<void>
  /** Stops it and removes its folder. */
  readonly remove: () => Promise<void>
}

/** Debian keeps the server's programs here, by version. */
const debianFolder = "/usr/lib/postgresql"

const programPath = (): string => {
  try {
    const newest = readdirSync(debianFolder).sort((a, b) => Number(a) - Number(b)).at(-1) ?? ""
    return `${join(debianFolder, newest, "bin")}:${process.env["PATH"]}`
  } catch {
    return process.env["PATH"] ?? ""
  }
}

/** The server refuses to run as root; Debian makes a user for it. */
const identity = (): { readonly uid?: number; readonly gid?: number } => {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }))
  return { uid: id("-u"), gid: id("-g") }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

/** Makes a server that is stopped. */
export const makePostgres = async (): Promise<PostgresServer> => {
  const user = identity()
  const env = { PATH: programPath(), LC_ALL: "C" }
  const folder = mkdtempSync(join(tmpdir(), "postgres-"))
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, "data")
  const password = join(folder, "password")
  writeFileSync(password, "secret-of-ada\n", { mode: 0o644 })
  const options = ["--no-sync", "--auth=scram-sha-256", "--username=ada", `--pwfile=${password}`]
  execFileSync("initdb", [...options, data], { ...user, cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] })
  const port = await freePort()
  let server: ChildProcess | undefined

  const start = async () => {
    const settings = ["fsync=off", "full_page_writes=off", "shared_buffers=16MB", "listen_addresses=127.0.0.1"]
    const child = spawn(
      "postgres",
      ["-D", data, "-p", String(port), "-k", folder, ...settings.flatMap((one) => ["-c", one])],
      { ...user, cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] }
    )
    server = child
    let said = ""
    await new Promise<void>((resolve, reject) => {
      child.stderr.on("data", (data) => {
        said += data
        if (said.includes("ready to accept connections")) resolve()
      })
      child.on("exit", () => reject(new Error(`the server ended: ${said}`)))
    })
  }

  const stop = async () => {
    const child = server
    if (child === undefined || child.exitCode !== null) return
    const ended = new Promise((resolve) => child.on("exit", resolve))
    // "Fast": it does not wait for its clients.
    child.kill("SIGINT")
    await ended
  }

  return {
    url: `postgres://ada:secret-of-ada@127.0.0.1:${port}/postgres`,
    start,
    stop,
    remove: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
