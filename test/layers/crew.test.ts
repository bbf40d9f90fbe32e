import { describe } from "@effect/vitest"
import * as LocalCrew from "../../layers/crew/LocalCrew.ts"
import { crewContract } from "../contract/Crew.ts"

describe("a crew of one", () => {
  crewContract("LocalCrew", (directory) => LocalCrew.layer({ directory, share: { rank: 0, of: 1 } }))
})
