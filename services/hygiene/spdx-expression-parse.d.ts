/** The package has no types of its own. */
declare module "spdx-expression-parse" {
  type Parsed =
    | { readonly license: string; readonly plus?: true; readonly exception?: string }
    | { readonly left: Parsed; readonly conjunction: "and" | "or"; readonly right: Parsed }
  /** Throws an Error where the text is no expression of known names. */
  const parse: (text: string) => Parsed
  export = parse
}
