/**
 * Docker: what it would be started with. "RETRACE_VIM_IMAGE=retrace-vim pnpm test sandbox-docker" runs the contract too, in
 * an image that has Vim.
 */
import { assert, describe, it } from "@effect/vitest"
import { docker } from "../../layers/sandbox/confinement.ts"
import { layerDocker } from "../../layers/sandbox/ForkServerSandbox.ts"
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

  if (given !== undefined) {
    const searchPath = process.env["PATH"] ?? ""
    sandboxContract("docker", layerDocker({ concurrency: 1, limits: defaultLimits, searchPath, image }))
  }
})
