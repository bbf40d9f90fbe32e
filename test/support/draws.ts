/** Properties draw the same in every run: what fails once fails again. RETRACE_DRAW_SEED makes them draw something else. */
import * as FastCheck from "effect/FastCheck"

FastCheck.configureGlobal({ seed: Number(process.env["RETRACE_DRAW_SEED"] ?? 20_270) })
