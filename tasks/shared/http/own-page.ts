/** Guards a server that is meant for its own page on this machine. */

/**
 * Whether a request names this server as its host and, if it comes from a page, comes from the page of this server. A
 * site whose name was made to point at this machine still sends its own name.
 */
export const isFromOwnPage = (headers: Readonly<Record<string, string | undefined>>, port: number): boolean => {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const { host, origin } = headers
  return hosts.includes(host ?? "") && (origin === undefined || hosts.some((own) => origin === `http://${own}`))
}
