/** Names of repositories: a location on the network or the name of a folder, but never a path. */

const schemeUrl = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^/]*)\/(.*)$/i
const scpUrl = /^(?:[^@/:]+@)?([^/:]{2,}):(?!\/\/)(.+)$/

/** Whether a location is to be cloned rather than opened. A path that exists goes first, so check that before. */
export const isUrl = (location: string): boolean => schemeUrl.test(location) || scpUrl.test(location)

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
