import { spawnSync } from "node:child_process"

/** A command that runs another one as an ordinary user. */
export interface Unprivileged {
  /** Words before the command; none when this process is not root. */
  readonly prefix: readonly string[]
  /** Owner of what the command shall write; undefined when that is this process's own user. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
}

const candidates = ["postgres", "nobody"]

/** PostgreSQL refuses to run as root: then the first user of `postgres` and `nobody` that exists runs it. */
export function unprivileged(): Unprivileged {
  if (process.getuid?.() !== 0) return { prefix: [], owner: undefined }
  for (const name of candidates) {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }).stdout?.trim())
    if (uid === undefined || gid === undefined || uid === "" || gid === "") continue
    return {
      prefix: ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"],
      owner: { uid: Number(uid), gid: Number(gid) },
    }
  }
  throw new Error("PostgreSQL does not run as root, and there is no user postgres or nobody: set TEST_PG_URL, or run as another user")
}
