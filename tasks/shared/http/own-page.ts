/** Whether a request comes from this machine's own page. */

/**
 * Whether a request names this server as its host, and comes from its own page if it comes from one: another site whose
 * name was pointed at this machine has its own name there.
 */
export const isFromOwnPage = (headers: Readonly<Record<string, string | undefined>>, port: number): boolean => {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const { host, origin } = headers
  return hosts.includes(host ?? "") && (origin === undefined || hosts.some((own) => origin === `http://${own}`))
}
