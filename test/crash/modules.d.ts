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
declare module "*/sabotage.mjs" {
  export const saboteurs: Readonly<Record<string, { readonly words: readonly string[]; readonly finds: RegExp }>>
}
declare module "*/guarantees.mjs" {
  export function describeRuns(
    scenarios: unknown,
    faults: unknown,
  ): { readonly scenarios: string; readonly points: string; readonly faults: string }
}
declare module "*/network.mjs" {
  export function networkFaults(count: number, seed: number): unknown
}
declare module "*/scenarios.mjs" {
  export function allScenarios(): unknown
}
