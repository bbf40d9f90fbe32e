/** Every task, once, in the order of the overview. */
import { task as demo } from "./demo.ts"
import { task as doctor } from "./doctor.ts"
import { task as evaluate } from "./evaluate.ts"
import { task as generate } from "./generate.ts"
import { task as keys } from "./keys.ts"
import { task as lintseq } from "./lintseq.ts"
import { task as record } from "./record.ts"
import { task as report } from "./report.ts"
import { task as serveContext } from "./serve-context.ts"
import { task as serveReward } from "./serve-reward.ts"
import type { Declaration } from "./shared/asked/asked.ts"
import { task as status } from "./status.ts"
import { task as view } from "./view.ts"
import { task as vimLoop } from "./vim-loop.ts"

const [first, ...others] = [
  generate,
  lintseq,
  keys,
  record,
  vimLoop,
  view,
  report,
  evaluate,
  serveContext,
  serveReward,
  status,
  demo,
  doctor
] as const

/** The tasks as commands; there is at least one. */
export const commands = [first.command, ...others.map(({ command }) => command)] as const

/** What the tasks can be asked. */
export const declarations: ReadonlyArray<Declaration> = [first, ...others].map(({ declaration }) => declaration)
