/** Files of Vim script are imported as their text, by the bundler and by the tests alike. */
declare module "*.vim" {
  const text: string
  export default text
}
