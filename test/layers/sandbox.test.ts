import { describe } from "@effect/vitest"
import { layerBubblewrap } from "../../layers/sandbox/ForkServerSandbox.ts"
import { layer as layerMemory } from "../../layers/sandbox/MemorySandbox.ts"
import { layer as layerPty } from "../../layers/sandbox/PtySandbox.ts"
import { defaultLimits } from "../../services/Sandbox.ts"
import { sandboxContract } from "../contract/Sandbox.ts"

const searchPath = process.env["PATH"] ?? ""

describe("Sandbox", () => {
  sandboxContract("fork server", layerBubblewrap({ concurrency: 2, limits: defaultLimits, searchPath }))
  sandboxContract("fresh restricted Vim", layerPty({ concurrency: 2, limits: defaultLimits, searchPath }))
  sandboxContract("memory", layerMemory)
})
