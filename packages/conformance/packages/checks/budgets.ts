/** How large may the smallest useful program be? Bytes after esbuild's minifier and brotli at quality 11. */

export interface Budget {
  /** The program in `programs/`. */
  program: string
  /** What the design asks for. */
  target: number
  /** What the check holds it to: what was reached last, rounded up to the next 50. */
  budget: number
  /** Why the two differ; empty when they do not. */
  reason: string
}

export const edgeBudget: Budget = {
  program: 'edge.ts',
  target: 4_000,
  budget: 8_950,
  reason:
    'Messages are 0.8 KB of it, so without them the target would be missed too. The rest is spread over what the design promises ' +
    'of a call, in this order: errors and what they read from every body, checks of options and addresses, the loop of attempts ' +
    'with its limits, tokens that are shared and renewed.',
}

export const clientBudget: Budget = {
  program: 'client.ts',
  target: 8_500,
  budget: 18_500,
  reason:
    'The call of the edge package (6.5 KB) and openapi-fetch (2.3 KB) are 8.8 KB alone. A customer has all 13 operations as ' +
    'methods, which a bundler cannot drop: another 2 KB that a program that only waits does not use.',
}
