import { LadingError } from "@lading/core"

/** An answer was cut, or is damaged: it is asked for again. */
export function cutError(address: string, why: string, cause?: unknown): LadingError {
  return new LadingError({
    code: "http-cut",
    message: `the answer of ${address} is not whole: ${why}`,
    hint: "nothing of it was used; run again, and report it to whoever runs the API if it stays",
    retryable: true,
    details: { address },
    cause,
  })
}

/** A whole answer that is no JSON document. */
export function notJsonError(address: string, status: number, what: string): LadingError {
  return new LadingError({
    code: "http-not-json",
    message: `${address} answered ${status} with ${what} in place of JSON`,
    hint: "look at the address in a browser: a login page, a proxy or a maintenance page often stands there",
    retryable: true,
    details: { address, status },
  })
}

/** An answer that says no. */
export function statusError(address: string, status: number, attempts: number, isRetryable: boolean): LadingError {
  return new LadingError({
    code: "http-status",
    message: `${address} answered ${status}${attempts > 1 ? `, the last of ${attempts} attempts` : ""}`,
    hint: hintOf(status),
    retryable: isRetryable,
    details: { address, status, attempts },
  })
}

function hintOf(status: number): string {
  if (status === 401) return "check the credentials: they are missing, wrong or expired"
  if (status === 403) return "these credentials may not read this address; ask for the permission, or leave the resource out"
  if (status === 404 || status === 410)
    return "check the path; where some parents have no such thing, ignore the status with a response action"
  if (status === 429) return "the API wants fewer requests: set rateLimit, or allow more attempts and longer waits in retry"
  if (status >= 500) return "the API failed; run again later, or allow more attempts in retry"
  return "check path, parameters and method against the documentation of the API"
}

/** More bytes than the client takes. */
export function tooLargeError(address: string, limit: number, what: "maxResponseBytes" | "maxDecodedBytes"): LadingError {
  const when = what === "maxDecodedBytes" ? " after decompression" : ""
  return new LadingError({
    code: "http-too-large",
    message: `the answer of ${address} is larger than ${limit} bytes${when}`,
    hint: `ask for smaller pages, or raise limits: { ${what} }`,
    details: { address, limit },
  })
}

const timeouts: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: "did not accept a connection in time",
  UND_ERR_HEADERS_TIMEOUT: "did not answer in time",
  UND_ERR_BODY_TIMEOUT: "stopped in the middle of its answer",
}
const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"])

/** What went wrong below HTTP, in our words; an abort and errors of ours come back as they are. */
export function transportError(error: unknown, address: string, signal: AbortSignal, phase: "request" | "body"): unknown {
  if (signal.aborted || error instanceof LadingError) return error
  const code = codeOf(error)
  const timeout = timeouts[code]
  if (timeout !== undefined)
    return new LadingError({
      code: "http-timeout",
      message: `${address} ${timeout}`,
      hint: "run again later, or raise the limits in timeouts",
      retryable: true,
      details: { address },
      cause: error,
    })
  if (phase === "body") return cutError(address, `the connection ended within it${code === "" ? "" : ` (${code})`}`, error)
  const isTls = /^(?:CERT_|ERR_TLS|ERR_SSL|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO)/.test(code)
  return new LadingError({
    code: "http-unreachable",
    message: `${address} cannot be reached${code === "" ? "" : ` (${code})`}`,
    hint: isTls
      ? "the certificate of the server is not trusted: check the address, or trust its authority with NODE_EXTRA_CA_CERTS"
      : unreachable.has(code)
        ? "check the host name, the port and the network"
        : "run again later",
    retryable: !isTls,
    details: { address },
    cause: error,
  })
}

function codeOf(error: unknown): string {
  for (let at = error, depth = 0; typeof at === "object" && at !== null && depth < 4; depth++) {
    if ("code" in at && typeof at.code === "string") return at.code
    at = "cause" in at ? at.cause : undefined
  }
  return ""
}
