/** Records an attempt in a confined Vim of its own. */
import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import * as Effect from "effect/Effect"
import type { VimOptionsName } from "../../../services/keys/vim-options.ts"
import type { Attempt, RecordingSize, SandboxLimits } from "../../../services/Sandbox.ts"
import { type Confinement, filterName, scriptName, workFolder } from "../confinement.ts"
import { makeRoom, withFolder } from "../room.ts"
import { systemCallFilter } from "../seccomp.ts"
import { confinedUser } from "../confined-user.ts"
import type { OpenTerminal } from "../terminal.ts"
import { isLastSaid, mostSaid, sessionRecording } from "./recording.ts"
import { recordScript } from "./scripts.ts"
import { runSession } from "./vim-session.ts"

const text = `${workFolder}/text`

export interface RecordNeeds {
  readonly limits: SandboxLimits
  readonly searchPath: string
  readonly vimOptions: VimOptionsName
}

export const recordConfined = (
  confinement: Confinement,
  openTerminal: OpenTerminal,
  { limits, searchPath, vimOptions }: RecordNeeds,
  attempt: Attempt,
  size: RecordingSize
) =>
  Effect.scoped(Effect.gen(function*() {
    const nonce = randomBytes(16).toString("hex")
    const filter = systemCallFilter(process.arch)
    const room = yield* Effect.acquireRelease(
      withFolder(() =>
        makeRoom({
          [scriptName.session]: recordScript({ options: vimOptions, path: text, attempt, nonce }),
          ...(filter === undefined ? {} : { [filterName]: filter })
        })
      ),
      (room) =>
        Effect.sync(() => {
          // A container does not end with the program that started it.
          const command = confinement.stop?.(room)
          if (command !== undefined) {
            spawn(command.file, [...command.args], { stdio: "ignore", env: { PATH: searchPath } })
              .on("error", () => undefined)
          }
          room.remove()
        })
    )
    const session = yield* runSession(openTerminal, {
      command: confinement.commandLine(room, "session"),
      terminal: { ...size, env: { PATH: searchPath }, folder: "/", user: confinedUser },
      limits,
      mostSaid: mostSaid(attempt),
      isLast: isLastSaid
    })
    return sessionRecording(attempt, session, nonce)
  }))
