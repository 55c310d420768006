/** Marks every error of ours across copies of this package, so that identity survives two installed versions. */
const marker = Symbol.for("lading.error")

/** What an error is made of. `code` is kebab-case and explained in `docs/errors.md`. */
export interface LadingErrorOptions {
  readonly code: string
  /** What failed and where, in one sentence. Never a secret, never more of a row than the one value concerned. */
  readonly message: string
  /** The remedy: what to do now. */
  readonly hint?: string
  /** True when the same call may succeed later without any change. */
  readonly retryable?: boolean
  /** Machine-readable facts (table, column, pointer, ...), stable keys, no secrets. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** The one error type of Lading; tell errors apart by `code`. */
export class LadingError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly retryable: boolean
  readonly details: Readonly<Record<string, unknown>>

  constructor(options: LadingErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = "LadingError"
    this.code = options.code
    this.hint = options.hint
    this.retryable = options.retryable ?? false
    this.details = options.details ?? {}
    Object.defineProperty(this, marker, { value: true })
  }
}

/** True for a LadingError of any copy or version of this package. */
export function isLadingError(value: unknown): value is LadingError {
  return typeof value === "object" && value !== null && marker in value
}
