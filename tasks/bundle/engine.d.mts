export const engineName: () => string
