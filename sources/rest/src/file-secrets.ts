import { type Secret, secret } from "@lading/core"
import { type Fault, isRecord } from "./faults.ts"

/** Keys of an auth whose value is nobody's business; a user name or a client id may stand in a file. */
const secretKeys = new Set(["token", "key", "password", "clientSecret", "refreshToken"])

/**
 * Puts secrets where a configuration names them, `{ secret: name }`, in `auth` and `headers` of client and endpoints. A secret that stands there itself is a
 * fault: files are copied and committed.
 */
export function fillSecrets(
  options: unknown,
  secrets: Readonly<Record<string, string | Secret>>,
): { readonly value: unknown; readonly faults: readonly Fault[] } {
  const faults: Fault[] = []
  const known = Object.keys(secrets).join(", ") || "none"

  function walk(value: unknown, path: Fault["path"]): unknown {
    if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, i]))
    if (!isRecord(value)) return value
    const filled = Object.entries(value).map(([key, child]) => {
      const here = [...path, key]
      return [key, key === "auth" || key === "headers" ? fillIn(child, here, key) : key === "json" ? child : walk(child, here)] as const
    })
    return Object.fromEntries(filled)
  }

  function fillIn(value: unknown, path: Fault["path"], where: "auth" | "headers"): unknown {
    if (!isRecord(value)) return value
    const filled = Object.entries(value).map(([key, child]) => {
      const here = [...path, key]
      if (isReference(child)) return [key, lookUp(child.secret, here)] as const
      if (where === "auth" && secretKeys.has(key) && typeof child === "string")
        faults.push({ path: here, message: `does not belong into a file: write { secret: a-name } and give its value in \`secrets\`` })
      return [key, child] as const
    })
    return Object.fromEntries(filled)
  }

  function lookUp(name: string, path: Fault["path"]): Secret | undefined {
    const found = Object.hasOwn(secrets, name) ? secrets[name] : undefined
    if (found !== undefined) return secret(found)
    faults.push({ path, message: `names the secret ${name}, which was not given in \`secrets\`; there are ${known}` })
    return undefined
  }

  return { value: walk(options, []), faults }
}

function isReference(value: unknown): value is { readonly secret: string } {
  return isRecord(value) && typeof value["secret"] === "string" && Object.keys(value).length === 1
}
