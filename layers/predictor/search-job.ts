/** The handler of the search job. */
import * as Effect from "effect/Effect"
import type { SearchInput } from "./jobs.ts"
import { search } from "./search/search.ts"

export const runSearchJob = (input: SearchInput) => Effect.sync(() => search(input))
