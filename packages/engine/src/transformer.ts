import { type ExtractContext, LadingError, type Resource, type ResourceHints, type StandardSchema } from "@lading/core"
import { feed, type Made } from "./extract/feed.ts"
import { type PipeResource, pipe } from "./resource.ts"

const defaultConcurrency = 4

/** Hints of a transformer: those of every resource, and how it is fed. */
export interface TransformerHints extends ResourceHints {
  /** Inputs under way at a time; default 4. */
  readonly concurrency?: number
  /** False: rows may come in the order in which they are ready. Default true: in the order of the parent's rows. */
  readonly keepOrder?: boolean
}

/** A transformer without a parent; `users.pipe(orders)` and `orders.from(users)` make a resource of it. */
export interface Transformer<Parent, Row> {
  readonly kind: "transformer"
  readonly name: string
  /**
   * The resource that `parent` feeds.
   * @throws LadingError `duplicate-resource` when the parent has the transformer's name
   */
  from(parent: Resource<Parent>): PipeResource<Row>
}

/** What a transformer makes of one row of its parent, or with `by: "batch"` of some. */
export type Transform<Input, Row> = (input: Input, context: ExtractContext) => Made<Row> | Promise<Made<Row>>

interface ByRow<Parent> extends TransformerHints {
  readonly from: Resource<Parent>
  readonly by?: "row"
}
interface ByBatch<Parent> extends TransformerHints {
  readonly from: Resource<Parent>
  readonly by: "batch"
}

/**
 * A resource that is fed by another one: for each of its rows, several at a time, it gives rows of its own. The parent is read once however
 * many transformers hang on it, and loaded only where it is selected itself. Without `from` it waits for a parent.
 *
 * @example
 * const orders = transformer("orders", { from: users, concurrency: 8 }, async (user, { fetch }) => {
 *   const answer = await fetch(`https://example.com/users/${user.id}/orders`)
 *   return await answer.json()
 * })
 * @throws LadingError `blank-name`, `invalid-options` for a concurrency that is no whole number above 0, `duplicate-resource`
 */
export function transformer<Parent, Row>(
  name: string,
  hints: ByRow<Parent> & { readonly schema: StandardSchema<Row> },
  apply: Transform<Parent, unknown>,
): PipeResource<Row>
export function transformer<Parent, Row>(
  name: string,
  hints: ByBatch<Parent> & { readonly schema: StandardSchema<Row> },
  apply: Transform<readonly Parent[], unknown>,
): PipeResource<Row>
export function transformer<Parent, Row>(name: string, hints: ByRow<Parent>, apply: Transform<Parent, Row>): PipeResource<Row>
export function transformer<Parent, Row>(name: string, hints: ByBatch<Parent>, apply: Transform<readonly Parent[], Row>): PipeResource<Row>
export function transformer<Parent, Row>(name: string, apply: Transform<Parent, Row>): Transformer<Parent, Row>
export function transformer<Parent, Row>(
  name: string,
  hints: TransformerHints & { readonly by?: "row"; readonly from?: undefined },
  apply: Transform<Parent, Row>,
): Transformer<Parent, Row>
export function transformer<Parent, Row>(
  name: string,
  hints: TransformerHints & { readonly by: "batch"; readonly from?: undefined },
  apply: Transform<readonly Parent[], Row>,
): Transformer<Parent, Row>
export function transformer(
  name: string,
  hintsOrApply: AnyHints | Transform<never, unknown>,
  given?: Transform<never, unknown>,
): PipeResource<unknown> | Transformer<unknown, unknown> {
  const {
    from,
    by = "row",
    concurrency = defaultConcurrency,
    keepOrder = true,
    ...hints
  } = given === undefined ? {} : (hintsOrApply as AnyHints)
  const apply = (given ?? hintsOrApply) as Transform<unknown, unknown>
  check(name, concurrency)
  const options = { apply, concurrency, keepsOrder: keepOrder, by }
  const fedBy = (parent: Resource): PipeResource<unknown> => {
    if (parent.name === name) throw sameName(name)
    return pipe({ kind: "resource", name, hints, parent, read: (context) => feed(context, options), steps: [] })
  }
  return from === undefined ? { kind: "transformer", name, from: fedBy } : fedBy(from)
}

interface AnyHints extends TransformerHints {
  readonly from?: Resource | undefined
  readonly by?: "row" | "batch"
}

function check(name: string, concurrency: number): void {
  if (name.trim() === "")
    throw new LadingError({
      code: "blank-name",
      message: "a transformer needs a name",
      hint: 'transformer("orders", { from: users }, ...)',
    })
  if (Number.isInteger(concurrency) && concurrency > 0) return
  throw new LadingError({
    code: "invalid-options",
    message: `transformer ${name}: concurrency is ${concurrency}, and must be a whole number above 0`,
    hint: "4 is the default; 1 takes one row after the other",
  })
}

function sameName(name: string): LadingError {
  return new LadingError({
    code: "duplicate-resource",
    message: `transformer ${name} has the name of the resource that feeds it`,
    hint: "give it a name of its own; its table may be named by the hint `table`",
  })
}
