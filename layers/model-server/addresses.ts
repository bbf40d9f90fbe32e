/** Addresses of a model server: a user gives its host, the root of its protocol, or any of its addresses. */

/** Addresses that users copy as they are. */
const known = /\/(?:chat\/completions|fim\/completions|completions?|infill|api\/generate|generate(?:_stream)?)$/

/** A version of a protocol at the end of a path. */
const version = /\/v\d+\w*$/

const withPath = (endpoint: string, change: (path: string) => string): string => {
  const url = new URL(endpoint)
  url.pathname = change(url.pathname.replace(/\/+$/, "").replace(known, ""))
  return url.href
}

/** Returns an address below the version of the protocol: below "/v1" where the endpoint names none. */
export const versionedAddress = (endpoint: string, path: string): string =>
  withPath(endpoint, (base) => (version.test(base) ? `${base}${path}` : `${base}/v1${path}`))

/** Returns an address beside the versions of the protocol. */
export const rootAddress = (endpoint: string, path: string): string =>
  withPath(endpoint, (base) => `${base.replace(version, "")}${path}`)
