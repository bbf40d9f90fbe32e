/** Names of repositories: a location on the network or the name of a folder, but never a path. */

/** A password may hold an "@": the host stands behind the last one. */
const schemeUrl = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/]*@)?([^/]*)\/(.*)$/i
const scpUrl = /^(?:[^@/:]+@)?([^/:]{2,}):(?!\/\/|:)(.+)$/

/** What git clones over without a program that somebody else wrote, such as one that runs what the address says. */
export const cloneProtocols: ReadonlyArray<string> = ["https", "http", "ssh", "git", "file"]

/**
 * Returns the protocol that git would clone a location over, or undefined for a path. A path that exists goes first, so
 * check that before.
 *
 * "git@github.com:spf13/cobra.git" gives "ssh", and "ext::sh -c id" gives "ext", the name of a program beside git.
 */
export const protocolOf = (location: string): string | undefined => {
  const [, named] = /^([a-z0-9][a-z0-9+.-]*)(?:::|:\/\/)/i.exec(location) ?? []
  if (named === undefined) return scpUrl.test(location) ? "ssh" : undefined
  return /^(?:git\+ssh|ssh\+git)$/.test(named) ? "ssh" : named
}

/**
 * Returns host/owner/name of a URL, or null for a local path.
 *
 * "git@github.com:spf13/cobra.git" and "https://user:secret@github.com/spf13/cobra" both give
 * "github.com/spf13/cobra".
 */
export const normalisedOrigin = (url: string): string | null => {
  const parts = schemeUrl.exec(url) ?? scpUrl.exec(url)
  if (parts === null || url.startsWith("file:")) return null
  const host = (parts[1] ?? "").toLowerCase().replace(/:\d+$/, "")
  const path = (parts[2] ?? "").replace(/[?#].*$/, "").replace(/\/+$/, "").replace(/\.git$/, "").replace(/^\/+/, "")
  return host === "" || path === "" ? null : `${host}/${path}`
}

/** Returns the last name of a path, without the ".git" of a bare repository. */
export const folderName = (path: string): string =>
  path.replace(/\/+$/, "").replace(/\/?\.git$/, "").split("/").pop() || "repository"
