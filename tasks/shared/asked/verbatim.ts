/** Values on their way through the parser of arguments, which trims what it reads: quotes keep them as they were typed. */

export const wrapped = (value: string): string => JSON.stringify(value)

/** Takes back what `wrapped` made. */
export const unwrapped = (token: string): string => {
  const value: unknown = JSON.parse(token)
  return typeof value === "string" ? value : token
}
