/** Marks a secret across copies of this package. */
const marker = Symbol.for("lading.secret")
const inspect = Symbol.for("nodejs.util.inspect.custom")
const mask = "[secret]"

/**
 * A text that shows itself only to `reveal`: it prints as `[secret]` in template strings, JSON and consoles, and has no enumerable
 * property to copy.
 */
export interface Secret {
  toString(): string
  toJSON(): string
}

/**
 * Wraps a text so that it is not printed by accident; a secret stays as it is. A function is called at every `reveal`, so that a value
 * that nobody needs is never read.
 *
 * @example
 * const password = secret("correct horse")
 * console.log(`${password}`)      // [secret]
 * connect(reveal(password))
 */
export function secret(value: string | Secret | (() => string)): Secret {
  if (isSecret(value)) return value
  const read = typeof value === "function" ? value : () => value
  const show = (): string => mask
  const hidden = { [marker]: read, [inspect]: show, [Symbol.toPrimitive]: show, toString: show, toJSON: show }
  const properties = Object.getOwnPropertyDescriptors(hidden)
  for (const key of Reflect.ownKeys(properties)) Object.assign(properties[key as "toString"], { enumerable: false, writable: false })
  return Object.freeze(Object.create(null, properties) as Secret)
}

/**
 * The text of a secret; a plain text is given back, so that a plugin may accept both.
 * @throws whatever the function throws that the secret was made of
 */
export function reveal(value: string | Secret): string {
  if (typeof value === "string") return value
  return (value as unknown as Readonly<Record<typeof marker, () => string>>)[marker]()
}

/** True for a secret of any copy or version of this package. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && marker in value
}
