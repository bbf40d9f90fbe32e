/**
 * Objects from one long-lived `git cat-file --batch`: requests are written as they come and answered in order, so many
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
  /**
   * Asks for objects by id. "blobs" gives contents, "sizes" their sizes, and "trees" the bytes of trees; null where there
   * is no such object.
   */
  readonly ask: (ids: ReadonlyArray<string>) => Promise<ReadonlyArray<Uint8Array | number | null>>
  /** Whether its process ended and a question failed for that, so that the next question needs another process. */
  readonly isSpent: () => boolean
  readonly close: () => void
}

/** Starts the reader; its process lives until `close`. */
export const openObjectReader = (gitDirectory: string, wanted: "blobs" | "sizes" | "trees"): ObjectReader => {
  const mode = wanted === "sizes" ? "batch-check" : "batch"
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

  const parse = wanted === "sizes" ? headerParser(answer) : contentParser(wanted === "trees" ? "tree" : "blob", answer)
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

const contentParser = (wanted: "blob" | "tree", answer: (value: Uint8Array | null) => void) => {
  let header = ""
  let body: Uint8Array | undefined
  let isWanted = true
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
        answer(isWanted ? body : null)
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
          isWanted = type === wanted
          body = new Uint8Array(Number(size))
          filled = 0
          if (body.length === 0) {
            answer(isWanted ? body : null)
            body = undefined
            isLineEndDue = true
          }
        }
      }
    }
  }
}
