/** Languages that can use each other's code. Names and code of one family say nothing about another family. */

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

/** Returns the name of the family of a language; "" when the language is unknown, and could be any. */
export const familyOf = (language: string): string => families[language] ?? language
