/** How a process was started. */

/** How this process was started, and what it was told. */
export interface OwnCommand {
  /** Path of Node. */
  readonly node: string
  /** Options of Node's. */
  readonly nodeOptions: ReadonlyArray<string>
  /** The script and its arguments. */
  readonly args: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string | undefined>>
}
