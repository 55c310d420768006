import { atomicityChecks } from "./checks/atomicity.ts"
import { commitChecks } from "./checks/commit.ts"
import { evolutionChecks } from "./checks/evolution.ts"
import { guaranteeChecks } from "./checks/guarantee.ts"
import { identifierChecks } from "./checks/identifiers.ts"
import { leaseChecks } from "./checks/lease.ts"
import { mergeChecks } from "./checks/merge.ts"
import { queryChecks } from "./checks/query.ts"
import { recordChecks } from "./checks/records.ts"
import { refusalChecks } from "./checks/refusal.ts"
import { replaceChecks } from "./checks/replace.ts"
import { scd2Checks } from "./checks/scd2.ts"
import { sessionChecks } from "./checks/session.ts"
import { shapeChecks } from "./checks/shape.ts"
import { typeChecks } from "./checks/types.ts"
import type { DestinationCheck } from "./fixture.ts"

/** Everything that a destination must do, in the order in which it is reported. */
export const destinationChecks: readonly DestinationCheck[] = [
  ...shapeChecks,
  ...sessionChecks,
  ...leaseChecks,
  ...atomicityChecks,
  ...commitChecks,
  ...replaceChecks,
  ...mergeChecks,
  ...scd2Checks,
  ...typeChecks,
  ...evolutionChecks,
  ...recordChecks,
  ...queryChecks,
  ...identifierChecks,
  ...refusalChecks,
  ...guaranteeChecks,
]
