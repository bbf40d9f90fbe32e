/** The package of node-pty that ships binaries declares its types under a name of its own. */
declare module "node-pty" {
  export * from "@lydell/node-pty"
}
