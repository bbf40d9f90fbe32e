export const ensureBundle: (name: string, entries: Readonly<Record<string, string>>) => Promise<string>
export const programEntries: Readonly<Record<string, string>>
