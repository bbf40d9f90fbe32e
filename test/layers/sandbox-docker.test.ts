/**
 * Docker: what it would be started with. "RETRACE_VIM_IMAGE=retrace-vim pnpm test sandbox-docker" runs the contract too, in
 * an image that has Vim.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { vi } from "vitest"
import { docker } from "../../layers/sandbox/confinement.ts"
import { layerDocker } from "../../layers/sandbox/ForkServerSandbox.ts"
import { recordConfined } from "../../layers/sandbox/session/record-confined.ts"
import { loadTerminals } from "../../layers/sandbox/terminal.ts"
import { defaultLimits } from "../../services/Sandbox.ts"
import { sandboxContract } from "../contract/Sandbox.ts"

const given = process.env["RETRACE_VIM_IMAGE"]
const image = given ?? "retrace-vim"

describe("Docker", () => {
  const folder = "/tmp/retrace-vim-abc"
  const room = { folder, shown: `${folder}/io`, work: `${folder}/w`, reports: `${folder}/r`, remove: () => undefined }
  const { commandLine, stop } = docker(image, defaultLimits)
  const { args, file } = commandLine(room, "server")
  const joined = args.join(" ")

  it("starts containers without network, capabilities or a disk to write to", () => {
    assert.strictEqual(file, "docker")
    for (
      const flag of [
        "--network none",
        "--read-only",
        "--cap-drop ALL",
        "--security-opt no-new-privileges",
        "--pids-limit 2",
        `--memory ${defaultLimits.memoryBytes} --memory-swap ${defaultLimits.memoryBytes}`,
        "--user 65534:65534",
        "--env LC_ALL=C.UTF-8 --env SHELL=/bin/sh --env CDPATH=",
        "--volume /tmp/retrace-vim-abc/io:/io:ro"
      ]
    ) assert.include(joined, flag)
    assert.notMatch(joined, /--privileged|docker\.sock|--volume (?!\/tmp\/retrace-vim-abc\/(io:\/io:ro|r:\/r))/)
  })

  it("runs the same server in it, and ends it by its name", () => {
    assert.include(joined, `--entrypoint vim ${image} -u NONE -i NONE -n -N --not-a-term -S /io/server.vim`)
    assert.include(joined, "--name retrace-vim-abc")
    assert.deepStrictEqual(stop?.(room), { file: "docker", args: ["kill", "retrace-vim-abc"] })
  })

  it.scoped("ends the container of a recording, which outlives the program that started it", () =>
    Effect.gen(function*() {
      const programs = mkdtempSync(join(tmpdir(), "retrace-docker-"))
      chmodSync(programs, 0o755)
      yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(programs, { recursive: true, force: true })))
      const told = join(programs, "told")
      writeFileSync(told, "", { mode: 0o666 })
      chmodSync(told, 0o666)
      writeFileSync(join(programs, "docker"), `#!/bin/sh\necho "$1" "$2" >> ${told}\n`, { mode: 0o755 })
      const openTerminal = yield* loadTerminals
      const options = { limits: defaultLimits, vimOptions: "defaults" as const, searchPath: programs }
      const size = { columns: 80, rows: 24 }
      yield* recordConfined(docker(image, defaultLimits), openTerminal, options, { source: "a\n", keys: [] }, size)
      yield* Effect.promise(() => vi.waitFor(() => assert.match(readFileSync(told, "utf8"), /^kill retrace-vim-/m)))
    }))

  if (given !== undefined) {
    const searchPath = process.env["PATH"] ?? ""
    sandboxContract(
      "docker",
      layerDocker({ concurrency: 1, limits: defaultLimits, vimOptions: "defaults", searchPath, image })
    )
  }
})
