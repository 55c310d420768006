/** Versions of what wrote a package, kept in its manifest. */
export const versions: Readonly<Record<string, string>> = { node: process.versions.node, format: "1" }
