import { appendFile } from "node:fs/promises"
import { LadingError } from "@lading/core"
import { describeNotice, type SchemaChangeNotice, type SchemaChangeSink } from "./notice.ts"

const timeoutMs = 10_000

/**
 * Posts each notice as JSON: the facts of the notice, and `text` for people.
 * @throws LadingError `alert-failed` when the answer is not a success; the engine turns that into a warning
 */
export function webhook(url: string, options: { readonly headers?: Readonly<Record<string, string>> } = {}): SchemaChangeSink {
  return (notice, signal) => post(url, { ...notice, text: describeNotice(notice) }, options.headers ?? {}, signal)
}

/** Posts each notice to a Slack incoming webhook, in its format (api.slack.com, Sending messages using incoming webhooks). */
export function slack(url: string): SchemaChangeSink {
  return (notice, signal) => post(url, { text: escapeSlack(describeNotice(notice)), mrkdwn: true }, {}, signal)
}

/** Appends each notice as one line of JSON to a file. */
export function changeLog(path: string): SchemaChangeSink {
  return (notice) => appendFile(path, `${JSON.stringify(notice)}\n`)
}

/** Hands a notice to every sink; gives what went wrong as warnings. */
export async function notify(sinks: readonly SchemaChangeSink[], notice: SchemaChangeNotice, signal: AbortSignal): Promise<string[]> {
  const outcomes = await Promise.allSettled(sinks.map(async (sink) => sink(notice, signal)))
  return outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [`the schema change could not be told: ${reasonOf(outcome.reason)}`] : [],
  )
}

async function post(url: string, body: unknown, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
  const { host } = new URL(url)
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  })
  if (!answer.ok) {
    throw new LadingError({
      code: "alert-failed",
      message: `${host} answered ${answer.status} to a schema-change message`,
      hint: "check the address of the webhook; the load itself is committed",
      retryable: true,
    })
  }
}

/** Slack reads these three characters as markup. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}

function reasonOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason)
}
