import { describe } from "@effect/vitest"
import * as FolderCrew from "../../layers/crew/FolderCrew.ts"
import * as LocalCrew from "../../layers/crew/LocalCrew.ts"
import type { RunPlace } from "../../layers/crew/piece-folders.ts"
import { crewContract, sharedCrewContract } from "../contract/Crew.ts"

describe("a crew of one", () => {
  crewContract("LocalCrew", (place) => LocalCrew.layer({ place, share: { rank: 0, of: 1 } }))
})

describe("a rank among others", () => {
  const layerIn = (place: RunPlace) => FolderCrew.layer({ place, rank: { rank: 1, of: 3 }, pollMillis: 20 })
  crewContract("FolderCrew", layerIn)
  sharedCrewContract("FolderCrew", layerIn)
})
