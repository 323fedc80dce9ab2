/** How large may the smallest useful program be? Bytes after esbuild's minifier and brotli at quality 11. */

export interface Budget {
  /** The program in `programs/`. */
  program: string
  /** What the design asks for. */
  target: number
  /** What the check holds it to: what was reached last, rounded up to the next 50. Only ever to be lowered. */
  budget: number
  /** Why the two differ; empty when they do not. */
  reason: string
}

export const edgeBudget: Budget = {
  program: 'edge.ts',
  target: 4_000,
  budget: 6_400,
  reason:
    'Messages that name value, expectation and remedy are 0.8 KB of it; the rest is what makes a call come out right: limits, ' +
    'retries, tokens that are shared and renewed, every error body, ids and addresses that are checked. Cutting it would cut that.',
}

export const clientBudget: Budget = {
  program: 'client.ts',
  target: 8_500,
  budget: 13_550,
  reason:
    'The edge package (6.4 KB) and openapi-fetch (2.3 KB) are in it. A customer has all 13 operations as methods, which a bundler ' +
    'cannot drop.',
}
