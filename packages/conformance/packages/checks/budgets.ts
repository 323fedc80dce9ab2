/** How large may the smallest useful program be? Bytes after esbuild's minifier and brotli at quality 11. */

export interface Budget {
  /** The program in `programs/`. */
  program: string
  /** The target of the design. */
  target: number
  /** The limit that the check enforces: the last size reached, with up to 100 bytes to spare. */
  budget: number
  /** Why the two differ; empty if they do not. */
  reason: string
}

export const edgeBudget: Budget = {
  program: 'edge.ts',
  target: 7_000,
  budget: 10_050,
  reason:
    'Errors are 1.4 KB: their messages, what they read from every body, and causes that are safe to print (0.3 KB). Options and their ' +
    'checks are 1.0 KB, tokens that survive slow and rotating sign-ins 1.0 KB, the loop of attempts 0.9 KB, calls that wait for each ' +
    'other after a 429 0.8 KB, checks of what no runtime sends 0.6 KB, a response that is read within limits 0.6 KB, addresses ' +
    '0.5 KB, tokens out of every text 0.3 KB. What is ' +
    'left to cut are messages that tell the fix.',
}

export const waitBudget: Budget = {
  program: 'wait.ts',
  target: 9_200,
  budget: 13_160,
  reason:
    'The call of the edge package alone is 10.0 KB. The report and its text where text is documented are 0.9 KB, `wait()` and `watch()` ' +
    '1.2 KB, devices that a later response omits 0.4 KB, the error of a timeout 0.2 KB.',
}

export const clientBudget: Budget = {
  program: 'client.ts',
  target: 14_500,
  budget: 18_600,
  reason:
    'The program that only waits is 13.1 KB of it, openapi-fetch 2.0 KB. The ' +
    'other operations, which a bundler cannot drop, are 3.5 KB, half of them checks of arguments and pages with their messages.',
}
