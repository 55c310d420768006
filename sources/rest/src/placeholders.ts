import { LadingError } from "@lading/core"
import { parsePath, valueAt } from "@lading/http"

/** A placeholder in a text: a field of a parent's row, or an end of the cursor. */
export type Expression =
  | { readonly kind: "resource"; readonly resource: string; readonly field: string }
  | { readonly kind: "incremental"; readonly which: "start" | "end" | "initial" }
  | { readonly kind: "param"; readonly name: string }

/** What placeholders are filled from. */
export interface Scope {
  /** The row of the parent; undefined for a resource without parent. */
  readonly parent: unknown
  /** Cursor values, as the API wants them. */
  readonly incremental: Readonly<Record<"start" | "end" | "initial", unknown>>
}

const placeholder = /\{([^{}\s"',:]+)\}/g

/** The placeholders of a value, wherever they stand in it: texts, keys, lists and objects. */
export function expressionsIn(value: unknown): Expression[] {
  if (typeof value === "string") return [...value.matchAll(placeholder)].map(([, text = ""]) => parse(text))
  if (Array.isArray(value)) return value.flatMap(expressionsIn)
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => [...expressionsIn(key), ...expressionsIn(child)])
}

function parse(text: string): Expression {
  const [, resource, field] = /^resources\.([^.]+)\.(.+)$/.exec(text) ?? []
  if (resource !== undefined && field !== undefined) return { kind: "resource", resource, field }
  const which = /^incremental\.(start|end|initial)$/.exec(text)?.[1]
  return which === undefined ? { kind: "param", name: text } : { kind: "incremental", which: which as "start" }
}

/** Whether a placeholder that is none of ours looks like one that was meant to be. */
export function isMistaken({ name }: { readonly name: string }): boolean {
  return /^(?:resources?|incremental)(?:\.|$)/.test(name)
}

/**
 * A value with its placeholders filled. A text that is nothing but one placeholder becomes the value itself, with its type; undefined when the cursor
 * has no such value.
 * @throws LadingError `parent-field-missing`
 */
export function fill(value: unknown, scope: Scope): unknown {
  if (typeof value === "string") return fillText(value, scope)
  if (Array.isArray(value)) return value.map((item) => fill(item, scope))
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [String(fillText(key, scope)), fill(child, scope)]))
}

function fillText(text: string, scope: Scope): unknown {
  const [only] = expressionsIn(text)
  if (only !== undefined && /^\{[^{}]+\}$/.test(text) && only.kind !== "param") return resolve(only, scope)
  return text.replace(placeholder, (whole, inner: string) => {
    const expression = parse(inner)
    return expression.kind === "param" ? whole : toText(resolve(expression, scope), whole)
  })
}

/**
 * A path with its placeholders filled, each value as one piece of the path. Where the path is nothing but a field of the parent that holds an
 * address, it is that address.
 * @throws LadingError `parent-field-missing`, `invalid-options` for a value that cannot stand in a path
 */
export function fillPath(path: string, scope: Scope, params: Readonly<Record<string, unknown>>): string {
  const [only] = /^\{[^{}]+\}$/.test(path) ? expressionsIn(path) : []
  if (only?.kind === "resource") {
    const address = resolve(only, scope)
    if (typeof address === "string" && /^(?:https?:\/)?\//i.test(address)) return address
  }
  return path.replace(placeholder, (whole, inner: string) => {
    const expression = parse(inner)
    const value = expression.kind === "param" ? fill(params[expression.name], scope) : resolve(expression, scope)
    const text = toText(value, whole)
    if (text !== "" && text !== "." && text !== "..") return encodeURIComponent(text)
    throw new LadingError({
      code: "parent-field-missing",
      message: `${whole} of the path ${path} is ${text === "" ? "empty" : `"${text}"`}, which would lead to another address`,
      hint: "leave such parents out with a filter in processingSteps",
      details: { path },
    })
  })
}

function resolve(expression: Exclude<Expression, { kind: "param" }>, { parent, incremental }: Scope): unknown {
  if (expression.kind === "incremental") return incremental[expression.which]
  return parentField(parent, expression.resource, expression.field)
}

/**
 * A field of a parent's row.
 * @throws LadingError `parent-field-missing`
 */
export function parentField(row: unknown, resource: string, field: string): unknown {
  const value = valueAt(row, parsePath(field))
  if (value !== undefined) return value
  const fields = typeof row === "object" && row !== null ? Object.keys(row) : []
  throw new LadingError({
    code: "parent-field-missing",
    message: `a row of ${resource} has no field ${field}; it has ${fields.length === 0 ? "none" : fields.slice(0, 20).join(", ")}`,
    hint: `correct the field, or leave such rows out with a filter in the processingSteps of ${resource}`,
    details: { resource, field },
  })
}

function toText(value: unknown, whole: string): string {
  if (value instanceof Date) return value.toISOString()
  if (value !== null && value !== undefined && typeof value !== "object") return String(value)
  throw new LadingError({
    code: "parent-field-missing",
    message: `${whole} is ${value === null ? "null" : value === undefined ? "not set" : "no single value"}, so it cannot stand in a text`,
    hint: "for a cursor set initialValue; for a parent leave such rows out with a filter in processingSteps",
    details: { placeholder: whole },
  })
}
