/** The commands of dbt that can be run. */
export type DbtCommand = "deps" | "seed" | "snapshot" | "run" | "test" | "build" | "docs generate"

/** What became of one model, test, seed or snapshot. */
export interface DbtNodeResult {
  readonly command: DbtCommand
  /** dbt's own identifier, such as `model.shop.orders`. */
  readonly uniqueId: string
  readonly name: string
  /** `model`, `test`, `seed`, `snapshot`, `operation`, ... */
  readonly resourceType: string
  /** dbt's word: `success`, `error`, `skipped`, `pass`, `fail`, `warn`, `partial success`, `no-op`, ... */
  readonly status: string
  /** Quoted name of the table or view; undefined where there is none. */
  readonly relation: string | undefined
  /** File in the project. */
  readonly path: string | undefined
  readonly seconds: number
  /** Rows that the adapter says were touched; most adapters say nothing of views. */
  readonly rowsAffected: number | undefined
  /** Rows that a test found. */
  readonly failures: number | undefined
  readonly message: string | undefined
  /** ISO 8601, UTC; undefined for a node that did not start. */
  readonly startedAt: string | undefined
}

/** What dbt did. */
export interface DbtResult {
  readonly dataset: string
  /** The loads that the project was told of in `lading_load_ids`. */
  readonly loadIds: readonly string[]
  /** Name of the adapter. */
  readonly adapter: string
  readonly dbtVersion: string | undefined
  /** dbt's identifier of its last command. */
  readonly invocationId: string | undefined
  readonly commands: readonly DbtCommand[]
  readonly nodes: readonly DbtNodeResult[]
  readonly warnings: readonly string[]
  readonly durationMs: number
  /** A few lines for people. */
  toString(): string
}

const bad: ReadonlySet<string> = new Set(["error", "fail", "runtime error", "partial success"])

/** True for a node that makes dbt's run a failed one. */
export function isFailed({ status }: Pick<DbtNodeResult, "status">): boolean {
  return bad.has(status)
}

/** Adds the text for people to the facts of a result. */
export function createResult(facts: Omit<DbtResult, "toString">): DbtResult {
  return { ...facts, toString: () => format(facts) }
}

function format({ commands, nodes, warnings, durationMs, dataset }: Omit<DbtResult, "toString">): string {
  const counts = new Map<string, number>()
  for (const { status } of nodes) counts.set(status, (counts.get(status) ?? 0) + 1)
  const outcome = [...counts].map(([status, count]) => `${count} ${status}`).join(", ")
  return [
    `dbt ${commands.join(", ")} → dataset ${dataset}: ${outcome === "" ? "nothing to do" : outcome} in ${(durationMs / 1000).toFixed(1)} s`,
    ...nodes.filter(isFailed).map(({ status, resourceType, name }) => `  ${status}  ${resourceType} ${name}`),
    ...warnings.map((warning) => `  warning  ${warning}`),
  ].join("\n")
}

/** Table of the dataset that `runAfter` appends results to. */
export const resultsTable = "dbt_results"

/** One row for each node, for the table `dbt_results` of the dataset. */
export interface DbtResultRow {
  readonly invocation_id: string | null
  readonly command: string
  readonly unique_id: string
  readonly name: string
  readonly resource_type: string
  readonly status: string
  readonly relation: string | null
  readonly path: string | null
  readonly seconds: number
  readonly rows_affected: number | null
  readonly failures: number | null
  readonly message: string | null
  readonly started_at: string | null
  readonly load_ids: readonly string[]
  readonly adapter: string
  readonly dbt_version: string | null
}

/**
 * The results as rows to load.
 * @example
 * await pipeline.run(resultRows(result), { table: "dbt_results", writeDisposition: "append", columns: resultColumns })
 */
export function resultRows(result: Omit<DbtResult, "toString">): DbtResultRow[] {
  return result.nodes.map((node) => ({
    invocation_id: result.invocationId ?? null,
    command: node.command,
    unique_id: node.uniqueId,
    name: node.name,
    resource_type: node.resourceType,
    status: node.status,
    relation: node.relation ?? null,
    path: node.path ?? null,
    seconds: node.seconds,
    rows_affected: node.rowsAffected ?? null,
    failures: node.failures ?? null,
    message: node.message ?? null,
    started_at: node.startedAt ?? null,
    load_ids: result.loadIds,
    adapter: result.adapter,
    dbt_version: result.dbtVersion ?? null,
  }))
}

/** Types of the columns that the first rows may leave open. */
export const resultColumns = {
  seconds: { dataType: "double" },
  rows_affected: { dataType: "bigint" },
  failures: { dataType: "bigint" },
  message: { dataType: "text" },
  relation: { dataType: "text" },
  path: { dataType: "text" },
  invocation_id: { dataType: "text" },
  dbt_version: { dataType: "text" },
  started_at: { dataType: "timestamp" },
  load_ids: { dataType: "json" },
} as const
