/** Languages whose code reaches each other: names and code of one family say nothing about another's. */

const families: Readonly<Record<string, string>> = {
  typescript: "javascript",
  tsx: "javascript",
  vue: "javascript",
  svelte: "javascript",
  cpp: "c",
  "objective-c": "c",
  kotlin: "java",
  scala: "java",
  groovy: "java"
}

/** Returns the name of a language's family; "" for a language that nobody knows, which may be any. */
export const familyOf = (language: string): string => families[language] ?? language
