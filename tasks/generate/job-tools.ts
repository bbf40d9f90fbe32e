/** The jobs' tools over real libraries: Hugging Face tokenizers, loaded when needed. */
import { openTokenizer } from "../shared/open-tokenizer.ts"
import type { JobTools } from "./tools.ts"

/** The tools, with what asks the index of this thread. */
export const jobTools = (contextAt: JobTools["contextAt"]): JobTools => ({ openTokenizer, contextAt })
