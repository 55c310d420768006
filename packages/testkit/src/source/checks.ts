import { readingChecks } from "./checks/reading.ts"
import { resumingChecks } from "./checks/resuming.ts"
import { shapeChecks } from "./checks/shape.ts"
import type { SourceCheck } from "./fixture.ts"

/** Everything that a source must do, in the order in which it is reported. */
export const sourceChecks: readonly SourceCheck[] = [...shapeChecks, ...readingChecks, ...resumingChecks]
