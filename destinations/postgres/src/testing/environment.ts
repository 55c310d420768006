/** Where tests look for TEST_PG_URL and for PostgreSQL's programs. */
export const environment: Readonly<Record<string, string | undefined>> = process.env
