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
  target: 7_000,
  budget: 9_700,
  reason:
    'Calls that wait for each other after a 429 are 1.0 KB, tokens out of every text 0.4 KB, tokens that survive slow and rotating ' +
    'sign-ins 0.4 KB, checks of what no runtime sends and of what was accepted 0.4 KB, ' +
    'causes that are safe to print 0.3 KB, the names of all options 0.15 KB. The rest is errors and what they read from ' +
    'every body, checks of options and addresses, and the loop of attempts with its limits.',
}

export const clientBudget: Budget = {
  program: 'client.ts',
  target: 8_500,
  budget: 19_350,
  reason:
    'The call of the edge package (6.5 KB) and openapi-fetch (2.3 KB) are 8.8 KB alone. A customer has all 13 operations as ' +
    'methods, which a bundler cannot drop: another 2 KB that a program that only waits does not use.',
}
