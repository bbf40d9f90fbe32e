/** Importing a file of Vim script gives its text, in the bundle and in tests. */
declare module "*.vim" {
  const text: string
  export default text
}
