/** A real server of repositories over HTTP, git's own, in front of which single paths behave as a test says. */
import { spawn } from "node:child_process"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** Answers a request, or lets it through to git by returning false. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => boolean

export const startGitServer = async (folder: string) => {
  const behaviours = new Map<string, Behaviour>()
  const asked: Array<string> = []
  const waiting: Array<{ readonly pattern: RegExp; readonly resolve: () => void }> = []

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost")
    asked.push(url.pathname)
    for (const { pattern, resolve } of waiting) if (pattern.test(url.pathname)) resolve()
    const first = url.pathname.split("/")[1] ?? ""
    if (behaviours.get(first)?.(request, response) === true) return
    throughGit(folder, url, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: (name: string) => `http://127.0.0.1:${port}/${name}`,
    port,
    /** What requests for a repository get, instead of what git answers. */
    behave: (name: string, behaviour: Behaviour) => void behaviours.set(name, behaviour),
    /** Paths that were asked for, in their order. */
    asked,
    /** Resolves with the next request for such a path. */
    nextRequest: (pattern: RegExp) => new Promise<void>((resolve) => void waiting.push({ pattern, resolve })),
    stop: () => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    }
  }
}

const throughGit = (folder: string, url: URL, request: IncomingMessage, response: ServerResponse): void => {
  const git = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      PATH: process.env["PATH"],
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "safe.directory",
      GIT_CONFIG_VALUE_0: "*",
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"],
      CONTENT_LENGTH: request.headers["content-length"],
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
      REMOTE_ADDR: "127.0.0.1"
    }
  })
  request.pipe(git.stdin)
  git.stdin.on("error", () => undefined)
  const chunks: Array<Buffer> = []
  git.stdout.on("data", (chunk: Buffer) => void chunks.push(chunk))
  git.on("close", () => {
    const whole = Buffer.concat(chunks)
    const end = whole.indexOf("\r\n\r\n")
    for (const line of whole.subarray(0, end).toString("latin1").split("\r\n")) {
      const [name = "", value = ""] = line.split(/: (.*)/s)
      if (name === "Status") response.statusCode = Number(value.slice(0, 3))
      else response.setHeader(name, value)
    }
    response.end(whole.subarray(end + 4))
  })
}
