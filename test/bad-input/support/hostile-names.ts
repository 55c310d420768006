import naughty from "big-list-of-naughty-strings" with { type: "json" }

/** What ends quotes, comments, dollar quotes and statements in the ways of several dialects; each would destroy the table `canary` if it got out. */
export const hostileNames: readonly string[] = [
  `x"; DROP TABLE public.canary; --`,
  `x'; DROP TABLE public.canary; --`,
  `x""; DELETE FROM public.canary; /*`,
  `*/ DELETE FROM public.canary; --`,
  `\\'; DELETE FROM public.canary; --`,
  `$$; DELETE FROM public.canary; $$`,
  `$1`,
  `%s %I %L`,
  `\\.`,
  `\n; COMMIT; DROP TABLE public.canary; BEGIN;\n`,
  `a, b) VALUES (1); DROP TABLE public.canary; --`,
  `U&"\\0022"`,
]

/** The big list of naughty strings, each once, and `hostileNames`. */
export const naughtyNames: readonly string[] = [...new Set<string>(naughty), ...hostileNames]
