/** Sheets of styles are bundled beside the script. */
declare module "*.css"
