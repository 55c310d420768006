import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http"
import { gzipSync } from "node:zlib"

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string
  /** Path with query. */
  readonly url: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** How the server answers one request, well or badly. */
export type FaultAnswer =
  /** A whole answer. `gzip` compresses it. */
  | {
      readonly kind: "json"
      readonly body: unknown
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly gzip?: boolean
    }
  /** A status, a text and headers, as they are given: 429 with or without `retry-after`, 204, 500, ... */
  | { readonly kind: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly text?: string }
  /** Nothing at all; the connection stays open. */
  | { readonly kind: "silence" }
  /** The headers and the first bytes of the body, then nothing; the connection stays open. */
  | { readonly kind: "stall"; readonly body: unknown; readonly bytes: number }
  /** The headers with the right length and the first bytes of the body, then the connection is cut. */
  | { readonly kind: "cut"; readonly body: unknown; readonly bytes: number }
  /** The first bytes of the body, or of its compressed form, ended as if they were all. */
  | { readonly kind: "truncated"; readonly body: unknown; readonly bytes: number; readonly gzip?: boolean }
  /** The whole body under another length, larger or smaller. */
  | { readonly kind: "wrong-length"; readonly body: unknown; readonly length: number }
  /** A page for people with status 200. */
  | { readonly kind: "html" }
  | { readonly kind: "redirect"; readonly to: string; readonly status?: number }
  /** A list with so many bytes, sent piece by piece; with `gzip` a few compressed bytes that become so many. */
  | { readonly kind: "huge"; readonly bytes: number; readonly gzip?: boolean }

/** What stands in a script: an answer, or a function that makes one of the request. */
export type FaultScript = FaultAnswer | ((request: SeenRequest) => FaultAnswer)

/** A REST API on this machine that fails as it is told. */
export interface RestFaultServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Every request in order. */
  readonly requests: readonly SeenRequest[]
  /**
   * Says how requests of a path are answered: one entry a request, the last one for all that follow. A path with a query, such as `/items?page=2`, comes
   * before the same path without one. What was said about the path before is forgotten.
   */
  script(path: string, ...answers: readonly FaultScript[]): void
  /** Cuts all connections and ends. */
  close(): Promise<void>
}

/**
 * Starts a REST fault server on a free port of the loopback interface. The caller closes it.
 *
 * @example
 * const server = await startRestFaults()
 * server.script("/items", { kind: "status", status: 429, headers: { "retry-after": "1" } }, { kind: "json", body: [{ id: 1 }] })
 */
export async function startRestFaults(): Promise<RestFaultServer> {
  const scripts = new Map<string, FaultScript[]>()
  const requests: SeenRequest[] = []
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1")
    let body = ""
    for await (const chunk of request) body += String(chunk)
    const { method = "GET", headers } = request
    const seen: SeenRequest = { method, url: `${url.pathname}${url.search}`, path: url.pathname, query: url.searchParams, headers, body }
    requests.push(seen)
    const answers = scripts.get(seen.url) ?? scripts.get(seen.path)
    const next = answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0]
    send(response, typeof next === "function" ? next(seen) : (next ?? { kind: "json", status: 404, body: { error: "no such path" } }))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const bound = server.address()
  const port = typeof bound === "object" && bound !== null ? bound.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    script: (path, ...answers) => void scripts.set(path, [...answers]),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function send(response: ServerResponse, answer: FaultAnswer): void {
  switch (answer.kind) {
    case "json":
      sendJson(response, answer)
      return
    case "status":
      response.writeHead(answer.status, answer.headers).end(answer.text ?? "")
      return
    case "silence":
      return
    case "stall":
      sendStart(response, answer.body, answer.bytes, () => undefined)
      return
    case "cut":
      sendStart(response, answer.body, answer.bytes, () => response.socket?.destroy())
      return
    case "truncated": {
      const whole = answer.gzip === true ? gzipSync(bytesOf(answer.body)) : bytesOf(answer.body)
      response.writeHead(200, { "content-type": "application/json", ...(answer.gzip === true ? { "content-encoding": "gzip" } : {}) })
      response.end(whole.subarray(0, answer.bytes))
      return
    }
    case "wrong-length": {
      const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answer.length}\r\nconnection: close\r\n\r\n`
      response.socket?.end(Buffer.concat([Buffer.from(head), bytesOf(answer.body)]))
      return
    }
    case "html":
      response
        .writeHead(200, { "content-type": "text/html" })
        .end("<!doctype html><title>Maintenance</title><p>Back soon: token=page-secret")
      return
    case "redirect":
      response.writeHead(answer.status ?? 302, { location: answer.to }).end()
      return
    case "huge":
      sendHuge(response, answer)
      return
  }
}

function bytesOf(body: unknown): Buffer {
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body))
}

function sendJson(response: ServerResponse, { body, status = 200, headers, gzip = false }: Extract<FaultAnswer, { kind: "json" }>): void {
  const bytes = gzip ? gzipSync(bytesOf(body)) : bytesOf(body)
  const encoding = gzip ? { "content-encoding": "gzip" } : {}
  response.writeHead(status, { "content-type": "application/json", "content-length": bytes.length, ...encoding, ...headers }).end(bytes)
}

function sendStart(response: ServerResponse, body: unknown, count: number, then: () => void): void {
  const bytes = bytesOf(body)
  response.writeHead(200, { "content-type": "application/json", "content-length": bytes.length })
  response.write(bytes.subarray(0, count), () => setImmediate(then))
}

function sendHuge(response: ServerResponse, { bytes, gzip = false }: Extract<FaultAnswer, { kind: "huge" }>): void {
  const piece = Buffer.alloc(64 * 1024, " ")
  if (gzip) {
    const packed = gzipSync(Buffer.concat([Buffer.from("["), Buffer.alloc(bytes, " "), Buffer.from("]")]))
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(packed)
    return
  }
  response.writeHead(200, { "content-type": "application/json" }).write("[")
  let left = bytes
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= piece.length
      if (!response.write(piece)) {
        response.once("drain", more)
        return
      }
    }
    response.end("]")
  }
  more()
}
