/**
 * Whom a server answers. A browser runs the pages of strangers on this machine, and they may send requests anywhere; what
 * a browser says of a request it never lets a page say. Programs that are no browsers say none of it, and are answered.
 */
import { isIP } from "node:net"
import { hostname } from "node:os"

export interface Callers {
  /** Whether the server is called by a name of its own: a stranger's name that was made to point here is none. */
  readonly isOwnHost: (host: string) => boolean
  /** Whether there are pages of the server that ask it. */
  readonly hasPage: boolean
}

/** The headers of a request, each as often as it was sent. */
export type SentHeaders = Readonly<Record<string, ReadonlyArray<string> | undefined>>

/** Says why a request is not answered; undefined where it is. */
export const reasonAgainst = (headers: SentHeaders, { hasPage, isOwnHost }: Callers): string | undefined => {
  const hosts = headers["host"] ?? []
  if (hosts.length !== 1 || !isOwnHost(hosts[0] ?? "")) {
    return "this server does not answer to that name: call it by the address that it printed"
  }
  const origins = headers["origin"] ?? []
  const isOwnOrigin = (origin: string) => origin.startsWith("http://") && isOwnHost(origin.slice("http://".length))
  if (origins.length > 0 && !(hasPage && origins.length === 1 && origins.every(isOwnOrigin))) {
    return "this server does not answer pages of others"
  }
  const sites = headers["sec-fetch-site"] ?? []
  if (!sites.every((site) => site === "same-origin" || site === "none")) {
    return "this server does not answer what pages of others ask for"
  }
  return undefined
}

const loopbackNames: ReadonlyArray<string> = ["localhost", "127.0.0.1", "[::1]"]
const wildcards: ReadonlySet<string> = new Set(["0.0.0.0", "::"])

/** An address as it stands in a URL. */
export const inUrl = (address: string): string => address.includes(":") ? `[${address}]` : address

/**
 * The names of a server: those of loopback, the one that it listens by, and the allowed ones, which may name a port of
 * their own. Who listens on an address that others reach is also called by the name of the machine, and who listens on
 * all addresses by any of them: a stranger's name can point here, but no name is an address.
 */
export const ownHosts = (
  { address, allowed, host, port }: {
    readonly host: string
    /** What the host stands for. */
    readonly address: string
    readonly port: number
    readonly allowed: ReadonlyArray<string>
  }
): Callers["isOwnHost"] => {
  const isLocal = loopbackNames.includes(inUrl(address)) || address.startsWith("127.")
  const isEverywhere = wildcards.has(address)
  const named = [...loopbackNames, inUrl(host), inUrl(address), ...(isLocal ? [] : [hostname()])]
  // A browser leaves out the port that is the usual one.
  const ends = port === 80 ? ["", ":80"] : [`:${port}`]
  const own = new Set(named.flatMap((name) => ends.map((end) => `${name}${end}`.toLowerCase())))
  const others = new Set(allowed.map((name) => name.toLowerCase()))
  return (sent) => {
    const called = sent.toLowerCase()
    const [, name = "", end = ""] = /^(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(called) ?? []
    return name !== "" && (own.has(called) || others.has(called) || others.has(name) ||
      (isEverywhere && ends.includes(end) && isIP(name.replace(/^\[|\]$/g, "")) !== 0))
  }
}
