import { describe } from "@effect/vitest"
import { layerBubblewrap } from "../../layers/sandbox/ForkServerSandbox.ts"
import { layer as layerMemory } from "../../layers/sandbox/MemorySandbox.ts"
import { layer as layerPty } from "../../layers/sandbox/PtySandbox.ts"
import { defaultLimits } from "../../services/Sandbox.ts"
import { sandboxContract } from "../contract/Sandbox.ts"
import { withSandbox, withTools } from "../support/with-tools.ts"

const searchPath = process.env["PATH"] ?? ""

describe("Sandbox", () => {
  const options = { concurrency: 2, limits: defaultLimits, vimOptions: "defaults" as const, searchPath }
  withSandbox.describe("confined", () => sandboxContract("fork server", layerBubblewrap(options)))
  withTools("vim", "node-pty").describe("restricted", () => sandboxContract("fresh restricted Vim", layerPty(options)))
  sandboxContract("memory", layerMemory)
})
