/** One line of dbt's JSON log, as far as this package reads it (docs.getdbt.com, "Events and logging", "Structured logging"). */
export interface LogEvent {
  readonly code: string
  readonly name: string
  readonly level: string
  /** Without terminal colours. */
  readonly text: string
  readonly node: LogNode | undefined
  readonly index: number | undefined
  readonly total: number | undefined
  readonly seconds: number | undefined
}

/** The node of a project that an event is about. */
export interface LogNode {
  readonly uniqueId: string
  readonly name: string
  readonly resourceType: string
  /** `started`, then dbt's word for the outcome, such as `success`, `error`, `pass`, `fail`. */
  readonly status: string
}

type Members = Readonly<Record<string, unknown>>

/** Reads a line; a line that is no event of dbt's is something that the project printed, and undefined. */
export function parseLogLine(line: string): LogEvent | undefined {
  const value = parse(line)
  const info = members(value?.info)
  if (value === undefined || info === undefined || typeof info.code !== "string") return undefined
  const data = members(value.data) ?? {}
  const number = (key: string): number | undefined => (typeof data[key] === "number" ? data[key] : undefined)
  return {
    code: info.code,
    name: text(info.name),
    level: text(info.level),
    text: text(info.msg).replace(/\u001b\[[0-9;]*m/g, ""),
    node: toNode(members(data.node_info)),
    index: number("index"),
    total: number("total") ?? number("num_models"),
    seconds: number("execution_time"),
  }
}

function toNode(info: Members | undefined): LogNode | undefined {
  if (info === undefined || text(info.unique_id) === "") return undefined
  return {
    uniqueId: text(info.unique_id),
    name: text(info.node_name),
    resourceType: text(info.resource_type),
    status: text(info.node_status),
  }
}

function parse(line: string): Members | undefined {
  if (!line.startsWith("{")) return undefined
  try {
    return members(JSON.parse(line))
  } catch {
    return undefined
  }
}

function members(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null ? { ...value } : undefined
}

function text(value: unknown): string {
  return typeof value === "string" ? value : ""
}
