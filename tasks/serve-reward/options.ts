/** The flags of serve-reward: names, defaults and help. */
import * as Options from "@effect/cli/Options"

export const serveRewardOptions = {
  host: Options.text("host").pipe(
    Options.withDefault("127.0.0.1"),
    Options.withDescription("Address to listen on (default: 127.0.0.1, this machine only)")
  ),
  port: Options.integer("port").pipe(
    Options.withDefault(8765),
    Options.withDescription("Port to listen on; 0 for any that is free (default: 8765)")
  ),
  lengthBonus: Options.float("length-bonus").pipe(
    Options.withDefault(0),
    Options.withDescription("What a right answer may earn beyond 1 for fewer keys than retyping (default: 0)")
  ),
  maxQueue: Options.integer("max-queue").pipe(
    Options.withDefault(4096),
    Options.withDescription("Completions that may wait; a request beyond that is answered with 429 (default: 4096)")
  ),
  maxBody: Options.integer("max-body").pipe(
    Options.withDefault(16),
    Options.withDescription("MiB that one request may have (default: 16)")
  )
}

type Infer<A> = A extends Options.Options<infer B> ? B : never
/** What the command line gives once it is read. */
export type ServeRewardFlags = {
  readonly [K in keyof typeof serveRewardOptions]: Infer<(typeof serveRewardOptions)[K]>
}
