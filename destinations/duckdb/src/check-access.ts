import { accessSync, constants, existsSync } from "node:fs"
import { dirname } from "node:path"
import type { WriteAccess } from "@lading/core"

/** Whether a database file, and the folder for its lock and its log, may be written. `shown` is the path as people know it. */
export function checkFileAccess(path: string, shown: string): WriteAccess {
  const folder = dirname(path)
  if (!existsSync(folder)) return refused(`The folder of ${shown} does not exist`, `mkdir -p ${folder}`)
  if (!isWritable(folder)) return refused(`The folder of ${shown} may not be written`, `Give this user the right to write to ${folder}.`)
  if (!existsSync(path)) return { isGranted: true, message: `${shown} does not exist yet; it can be created` }
  if (!isWritable(path)) return refused(`${shown} may not be written`, `Give this user the right to write to ${path}.`)
  return { isGranted: true, message: `${shown} may be written` }
}

function refused(message: string, remedy: string): WriteAccess {
  return { isGranted: false, message, remedy }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
