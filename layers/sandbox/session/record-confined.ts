/** Records an attempt in a confined Vim of its own. */
import { randomBytes } from "node:crypto"
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type { Attempt, RecordingSize, SandboxLimits } from "../../../services/Sandbox.ts"
import { type Confinement, filterName, scriptName, workFolder } from "../confinement.ts"
import { systemCallFilter } from "../seccomp.ts"
import { confinedUser, type OpenTerminal } from "../terminal.ts"
import { isLastSaid, sessionRecording } from "./recording.ts"
import { recordScript } from "./scripts.ts"
import { runSession } from "./vim-session.ts"

const text = `${workFolder}/text`

export const recordConfined = (
  confinement: Confinement,
  openTerminal: OpenTerminal,
  { limits, searchPath }: { readonly limits: SandboxLimits; readonly searchPath: string },
  attempt: Attempt,
  size: RecordingSize
) =>
  Effect.scoped(Effect.gen(function*() {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "retrace-vim-"))),
      (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
    )
    const nonce = randomBytes(16).toString("hex")
    const filter = systemCallFilter(process.arch)
    writeFileSync(join(folder, scriptName.session), recordScript(text, attempt, nonce))
    if (filter !== undefined) writeFileSync(join(folder, filterName), filter)
    if (confinedUser !== undefined) chownSync(folder, confinedUser, confinedUser)
    const session = yield* runSession(openTerminal, {
      command: confinement.commandLine(folder, "session"),
      terminal: { ...size, env: { PATH: searchPath }, folder: "/", user: confinedUser },
      limits,
      isLast: isLastSaid
    })
    return sessionRecording(attempt, session, nonce)
  }))
