/**
 * Blobs from one long-lived `git cat-file --batch`: requests are written as they come and answered in order, so many
 * can be on their way at once.
 */
import { GitFailed, type GitLost } from "../../services/Git.ts"
import { gitEndingOf, startGit } from "./git-process.ts"

interface BlobRequest {
  readonly expected: number
  readonly answers: Array<Uint8Array | number | null>
  readonly resolve: (answers: ReadonlyArray<Uint8Array | number | null>) => void
  readonly reject: (failure: GitFailed | GitLost) => void
}

export interface ObjectReader {
  /** Asks for objects by id. Mode "batch" gives contents and "batch-check" sizes; null where there is no such blob. */
  readonly ask: (ids: ReadonlyArray<string>) => Promise<ReadonlyArray<Uint8Array | number | null>>
  /** Whether its process ended and a question failed for that, so that the next question needs another process. */
  readonly isSpent: () => boolean
  readonly close: () => void
}

/** Starts the reader; its process lives until `close`. */
export const openObjectReader = (gitDirectory: string, mode: "batch" | "batch-check"): ObjectReader => {
  const command = `cat-file --${mode}`
  const git = startGit({ _tag: "repository", gitDirectory }, ["cat-file", `--${mode}`])
  const queue: Array<BlobRequest> = []
  let failure: GitFailed | GitLost | undefined
  let isSpent = false

  const answer = (value: Uint8Array | number | null) => {
    const request = queue[0]
    if (request === undefined) return
    request.answers.push(value)
    if (request.answers.length === request.expected) {
      queue.shift()
      request.resolve(request.answers)
    }
  }

  const parse = mode === "batch" ? contentParser(answer) : headerParser(answer)
  git.child.stdout.on("data", parse)
  const fail = (ending: GitFailed | GitLost) => {
    failure = ending
    isSpent = queue.length > 0
    for (const request of queue.splice(0)) request.reject(ending)
  }
  git.child.on("error", (cause) => fail(new GitFailed({ command, detail: cause.message })))
  git.child.on("close", (_, signal) => fail(gitEndingOf(command, signal, git.lastWords())))

  return {
    ask: (ids) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) {
          isSpent = true
          return reject(failure)
        }
        if (ids.length === 0) return resolve([])
        queue.push({ expected: ids.length, answers: [], resolve, reject })
        // Node queues what the pipe does not take; the batches of the caller are bounded, and so is the queue.
        git.child.stdin.write(`${ids.join("\n")}\n`)
      }),
    isSpent: () => isSpent,
    close: () => {
      if (failure === undefined) git.succeeded()
      git.child.stdin.end()
      git.child.kill("SIGKILL")
    }
  }
}

/** Reads `<id> blob <size>`, or `<id> missing`, which submodules and objects left out of a partial clone give too. */
const sizeOfHeader = (header: string): number | null => {
  const [, type, size] = header.split(" ")
  return type === "blob" && size !== undefined ? Number(size) : null
}

const headerParser = (answer: (value: number | null) => void) => {
  let rest = ""
  return (chunk: Buffer) => {
    const lines = (rest + chunk.toString("latin1")).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) answer(sizeOfHeader(line))
  }
}

const contentParser = (answer: (value: Uint8Array | null) => void) => {
  let header = ""
  let body: Uint8Array | undefined
  let isBlob = true
  let filled = 0
  let isLineEndDue = false
  return (chunk: Buffer) => {
    let at = 0
    while (at < chunk.length) {
      if (body !== undefined) {
        const taken = Math.min(body.length - filled, chunk.length - at)
        body.set(chunk.subarray(at, at + taken), filled)
        filled += taken
        at += taken
        if (filled < body.length) return
        answer(isBlob ? body : null)
        body = undefined
        isLineEndDue = true
      } else if (isLineEndDue) {
        at++
        isLineEndDue = false
      } else {
        const stop = chunk.indexOf(10, at)
        header += chunk.toString("latin1", at, stop === -1 ? chunk.length : stop)
        if (stop === -1) return
        at = stop + 1
        const [, type, size] = header.split(" ")
        header = ""
        if (size === undefined || !/^\d+$/.test(size)) answer(null)
        else {
          isBlob = type === "blob"
          body = new Uint8Array(Number(size))
          filled = 0
          if (body.length === 0) {
            answer(isBlob ? body : null)
            body = undefined
            isLineEndDue = true
          }
        }
      }
    }
  }
}
