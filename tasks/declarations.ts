/** What all tasks can be asked, in the order of the overview. */
import { asked as demo } from "./demo/asked.ts"
import { asked as doctor } from "./doctor/asked.ts"
import { asked as generate } from "./generate/asked.ts"
import { asked as keys } from "./keys/asked.ts"
import { asked as lintseq } from "./lintseq/asked.ts"
import { asked as record } from "./record/asked.ts"
import { asked as report } from "./report/asked.ts"
import { asked as serveContext } from "./serve-context/asked.ts"
import { asked as serveReward } from "./serve-reward/asked.ts"
import type { Declaration } from "./shared/asked/asked.ts"
import { asked as view } from "./view/asked.ts"
import { asked as vimLoop } from "./vim-loop/asked.ts"

export const declarations: ReadonlyArray<Declaration> = [
  generate,
  lintseq,
  keys,
  record,
  vimLoop,
  view,
  report,
  serveContext,
  serveReward,
  demo,
  doctor
]
