declare module "*/read-dataset.mjs" {
  export interface Table {
    readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[]
    readonly rows: readonly ReadonlyMap<string, string>[]
  }

  export interface Dataset {
    readonly tables: ReadonlyMap<string, Table>
    query(sql: string): Promise<(string | null)[][]>
    close(): void
  }

  export function openDataset(file: string): Promise<Dataset>
  export function canonicalJson(text: string): string
}

declare module "*/read-postgres.mjs" {
  export interface Dataset extends Omit<import("./read-dataset.mjs").Dataset, "close"> {
    close(): Promise<void>
  }

  export function openPostgresDataset(url: string, schema: string): Promise<Dataset>
}

declare module "*/places.mjs" {
  export function onPostgres(entry: object): Readonly<Record<string, unknown>> | undefined
}

declare module "*/compare.mjs" {
  export interface Side {
    readonly tables: import("./read-dataset.mjs").Dataset["tables"]
    readonly loads: ReadonlyMap<string, string>
  }

  export interface Difference {
    readonly aspect: string
    readonly table: string
    readonly message: string
  }

  export interface Options {
    readonly exactIds?: boolean
    readonly covered?: readonly { readonly table: string; readonly columns?: readonly string[]; readonly digits?: number }[]
  }

  export function compareDatasets(left: Side, right: Side, options?: Options): Difference[]
}

declare module "*/judge.mjs" {
  export interface Outcome {
    readonly status: "ok" | "raises"
    readonly load_ids?: readonly string[]
    readonly code?: string
    readonly error?: string
  }

  export interface Verdict {
    readonly verdict: "equal" | "deliberate" | "different"
    readonly differences: readonly { readonly aspect: string; readonly table: string; readonly message: string }[]
    readonly order: readonly unknown[]
  }

  export interface Result {
    readonly file: string
    readonly outcomes: readonly Outcome[]
  }

  export function judgeCase(entry: object, left: Result, right: Result): Promise<Verdict>
}

declare module "*/python/environment.mjs" {
  /** Path of a Python interpreter that has the pinned dlt. */
  export function pythonWithDlt(): Promise<string>
}
