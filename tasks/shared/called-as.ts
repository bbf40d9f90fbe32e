/** The name that users call this program by: help, hints and completions say it. */

/** Set when a package is built. A clone is called through pnpm. */
declare const packagedName: string

export const calledAs: string = typeof packagedName === "string" ? packagedName : "pnpm task"
