/** What happens during a run, for people who watch; never a row, never a secret. */
export type ProgressEvent =
  | {
      readonly kind: "recovering"
      readonly loadId: string
      readonly outcome: "committed" | "already-committed" | "stale" | "refused" | "discarded"
    }
  | { readonly kind: "waiting"; readonly what: string }
  | { readonly kind: "extracting"; readonly resource: string; readonly rows: number; readonly bytes: number }
  | { readonly kind: "sealing"; readonly rows: number; readonly bytes: number }
  | { readonly kind: "publishing"; readonly loadId: string }
  | { readonly kind: "committed"; readonly loadId: string }
  | { readonly kind: "warning"; readonly message: string }

/** Receives progress while a run goes on; called synchronously, so it should be quick. */
export type OnProgress = (event: ProgressEvent) => void
