declare module "*/check.mjs" {
  interface Result {
    readonly lost: number
    readonly duplicated: number
    readonly wrong: number
    readonly unmarked: number
    readonly findings: readonly string[]
  }
  export function check(dataset: unknown, truth: unknown, options?: object): Result
}
declare module "*/read.mjs" {
  export function readDuckdb(path: string, schema: string): Promise<unknown>
}
declare module "*/subject.mjs" {
  export function runStep(spec: object, step: number): Promise<unknown>
}
declare module "*/truth.mjs" {
  export function truthAfter(disposition: string, lastStep?: number): unknown
}
