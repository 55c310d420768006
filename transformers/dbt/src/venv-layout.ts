import { join } from "node:path"

/** Folder of the programs of a virtual environment. */
export function binFolder(venv: string): string {
  return join(venv, process.platform === "win32" ? "Scripts" : "bin")
}

/** Path of one of its programs. */
export function programOf(venv: string, name: string): string {
  return join(binFolder(venv), process.platform === "win32" ? `${name}.exe` : name)
}
