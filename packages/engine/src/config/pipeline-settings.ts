import type { StandardSchema } from "@lading/core"
import type { PipelineSettings } from "./config-file.ts"
import { isRecord } from "./layers.ts"

type Rule = readonly [test: (value: unknown) => boolean, expected: string]

const text: Rule = [(value) => typeof value === "string" && value !== "", "expected a text that is not empty"]
const oneOf = (...names: readonly string[]): Rule => [(value) => names.includes(value as string), `expected ${names.join(" or ")}`]
const share: Rule = [(value) => isNumber(value) && value <= 1, "expected a number from 0 to 1"]
const count: Rule = [isNumber, "expected a number, at least 0"]

const rules: Readonly<Record<string, Rule | Readonly<Record<string, Rule>>>> = {
  workDir: text,
  dataset: text,
  rejects: { maxShare: share, maxCount: count },
  evolution: { widen: oneOf("lossless", "never") },
  durability: oneOf("full", "process"),
  onBadRow: oneOf("quarantine", "fail", "drop-counted"),
}

/** Checks the options of a pipeline that may come from a configuration. */
export const pipelineSettings: StandardSchema<PipelineSettings> = {
  "~standard": {
    version: 1,
    vendor: "lading",
    validate: (value) => {
      const issues = Object.entries(value as Record<string, unknown>).flatMap(([name, setting]) => check([name], setting, rules[name]))
      return issues.length === 0 ? { value: value as PipelineSettings } : { issues }
    },
  },
}

interface Issue {
  readonly path: readonly string[]
  readonly message: string
}

function check(path: readonly string[], value: unknown, rule: Rule | Readonly<Record<string, Rule>> | undefined): Issue[] {
  if (rule === undefined) return [{ path, message: "there is no such option" }]
  if (isRule(rule)) return rule[0](value) ? [] : [{ path, message: rule[1] }]
  if (!isRecord(value)) return [{ path, message: `expected an object with ${Object.keys(rule).join(", ")}` }]
  return Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : check([...path, name], inner, rule[name])))
}

function isRule(rule: Rule | Readonly<Record<string, Rule>>): rule is Rule {
  return Array.isArray(rule)
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && value >= 0
}
