/** The part of the Standard Schema interface (standardschema.dev, version 1) that Lading uses: zod, valibot and arktype all have it. */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    /** Standard JSON Schema, where the library has it. */
    readonly jsonSchema?: {
      readonly output: (options: { readonly target: "draft-2020-12"; readonly libraryOptions?: Record<string, unknown> }) => unknown
    }
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

/** Outcome of a validation: the value in its output form, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] }

/** Where a plugin writes what people should know; never a secret, never a row. */
export interface Log {
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void
}

/** Everything ambient arrives here, so that a test can hand over its own clock, network and faults. */
export interface PluginContext {
  readonly signal: AbortSignal
  readonly log: Log
  readonly fetch: typeof fetch
  /** Folder against which relative paths in options are resolved. */
  readonly baseDirectory: string
  now(): Date
}

/** What a plugin can be. */
export type PluginKind = "source" | "destination" | "transformer"

/** A plugin package's default export. `specVersion` is raised only when an older plugin cannot run unchanged. */
export interface Plugin<Kind extends PluginKind, Options, Instance> {
  readonly kind: Kind
  /** Equals the suffix of the package name: `duckdb` for `@lading/destination-duckdb`. */
  readonly name: string
  readonly specVersion: 1
  readonly options: StandardSchema<Options>
  create(options: Options, context: PluginContext): Instance | Promise<Instance>
}
