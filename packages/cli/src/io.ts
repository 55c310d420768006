/** Where the command writes to. */
export interface Output {
  /** Resolves when more may be written. */
  write(text: string): void | Promise<void>
  readonly isTerminal: boolean
  readonly hasColor: boolean
  /** Width of the terminal; undefined when it is none. */
  readonly columns: number | undefined
}

/** A module as its importer sees it. */
export interface UserModule {
  readonly default?: unknown
}

/** Everything ambient that the command needs, so that a test can run it in process. */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  /** Working directory: relative paths start here. */
  readonly cwd: string
  /** Imports a module of the user's by absolute path, TypeScript included. */
  importModule(path: string): Promise<UserModule>
  /** Calls the listener at every SIGINT and SIGTERM until the returned function is called. */
  onInterrupt(listener: () => void): () => void
  /** Ends the process at once. */
  exit(code: number): void
}

/** What every command is given besides its own options. */
export interface Session {
  readonly io: Io
  /** One JSON document on standard output, nothing else there. */
  readonly isJson: boolean
}

/** Writes one JSON document to standard output; integers beyond 2^53 are texts, bytes are hexadecimal. */
export async function writeJson({ io }: Session, document: unknown): Promise<void> {
  const { toJson } = await import("./format/json.ts")
  await io.stdout.write(`${toJson(document, 2)}\n`)
}
