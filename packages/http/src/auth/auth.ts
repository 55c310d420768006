import type { HttpContext, HttpRequest, HttpResponse } from "../types.ts"

/** What makes a request an authorized one. */
export interface Credentials {
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly cookies?: Readonly<Record<string, string>>
}

/** What a way of authorization may use. */
export interface AuthContext extends Pick<HttpContext, "now" | "signal"> {
  /** Sends a request without authorization, with the client's retries and limits; the answer's status is not looked at. */
  send(request: HttpRequest): Promise<HttpResponse>
}

/** A way of authorization. */
export interface Auth {
  /**
   * Credentials for one attempt, asked for right before it is sent, after every wait, so that they are still alive then.
   * @throws LadingError `auth-failed`
   */
  credentials(context: AuthContext): Credentials | Promise<Credentials>
  /** Called when an attempt with these credentials was answered with 401; true when the next ones may be better. */
  renew?(refused: Credentials): boolean
  /** Names of query values that are credentials, to be masked in messages. */
  readonly secretNames?: readonly string[]
}
