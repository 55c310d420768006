import type { DbtCommand } from "./result.ts"

/** What happens while dbt runs; a value for a terminal line or a log. */
export type DbtProgress =
  /** Something before dbt: a clone, a virtual environment. */
  | { readonly kind: "preparing"; readonly message: string }
  | { readonly kind: "command-started"; readonly command: DbtCommand }
  | {
      readonly kind: "node-started" | "node-finished"
      readonly command: DbtCommand
      readonly uniqueId: string
      readonly name: string
      readonly resourceType: string
      readonly status: string
      /** 1-based, of `total`. */
      readonly index: number | undefined
      readonly total: number | undefined
      readonly seconds: number | undefined
    }
  /** What dbt or the project said; `level` is dbt's. */
  | { readonly kind: "message"; readonly command: DbtCommand; readonly level: string; readonly message: string }
  | { readonly kind: "command-finished"; readonly command: DbtCommand; readonly exitCode: number | undefined }

/** Receives progress. It may not throw. */
export type OnDbtProgress = (event: DbtProgress) => void
