/** The handler of the search job. */
import * as Effect from "effect/Effect"
import type { SearchInput } from "./jobs.ts"
import { search } from "./search/search.ts"

export const runSearchJob = ({ count, source, target }: SearchInput) => Effect.sync(() => search(source, target, count))
