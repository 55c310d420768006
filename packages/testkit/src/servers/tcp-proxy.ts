import { connect, createServer, type Socket } from "node:net"

/**
 * What happens to bytes of a client: they pass; the connection is cut before they reach the server; they reach it and the connection is cut in place of
 * the answer; or the client is cut off and the server is left waiting, as when a network dies.
 */
export type ProxyAction = "pass" | "cut" | "lose-answer" | "strand"

/** A TCP proxy between a client and a real server, which breaks connections at chosen bytes. */
export interface TcpProxy {
  readonly host: string
  readonly port: number
  /** Number of connections that were accepted so far. */
  readonly connectionCount: number
  /** Decides about every piece of data that a client sends; undefined: everything passes. */
  decide: ((bytes: Buffer) => ProxyAction) | undefined
  /** Cuts every connection, and refuses new ones until `up`. */
  down(): void
  up(): void
  close(): Promise<void>
}

/** Starts a proxy to a server on a free port of the loopback interface. */
export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let isDown = false
  let connectionCount = 0
  const server = createServer((client) => {
    if (isDown) {
      client.destroy()
      return
    }
    connectionCount += 1
    const upstream = connect(target)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on("error", () => undefined)
      socket.on("close", () => sockets.delete(socket))
    }
    join(client, upstream, (bytes) => proxy.decide?.(bytes) ?? "pass")
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  const proxy: TcpProxy = {
    host: "127.0.0.1",
    port: typeof address === "object" && address !== null ? address.port : 0,
    get connectionCount() {
      return connectionCount
    },
    decide: undefined,
    down() {
      isDown = true
      cutAll()
    },
    up() {
      isDown = false
    },
    close() {
      cutAll()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return proxy
}

function join(client: Socket, upstream: Socket, decide: (bytes: Buffer) => ProxyAction): void {
  let losesAnswer = false
  let isStranded = false
  client.on("data", (bytes) => {
    const action = decide(bytes)
    losesAnswer ||= action === "lose-answer"
    isStranded ||= action === "strand"
    if (action === "pass" || action === "lose-answer") upstream.write(bytes)
    else client.destroy()
  })
  upstream.on("data", (bytes) => {
    if (losesAnswer) client.destroy()
    else if (!client.destroyed) client.write(bytes)
  })
  client.on("close", () => {
    if (!isStranded) upstream.destroy()
  })
  upstream.on("close", () => client.destroy())
}
