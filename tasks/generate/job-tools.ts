/** The jobs' tools over real libraries: secretlint's recommended rules, Hugging Face tokenizers. Loaded when needed. */
import { openTokenizer } from "../shared/open-tokenizer.ts"
import { findSecrets } from "../shared/secrets/find-secrets.ts"
import type { JobTools } from "./tools.ts"

/** The tools, with what asks the index of this thread. */
export const jobTools = (contextAt: JobTools["contextAt"]): JobTools => ({ findSecrets, openTokenizer, contextAt })
