/**
 * The globals that each library needs from the runtime: nothing else is allowed. A static member is listed with its object.
 *
 * Before adding one, check that every runtime of the suite has it; vitest's Vercel edge-runtime has the fewest.
 */

interface Globals {
  /** What the published declarations reference: type checkers get these from `lib` DOM, Node's types or a Worker's types. */
  declarations: string[]
  /** What the JavaScript uses. */
  scripts: string[]
}

export const expectedGlobals: Record<string, Globals> = {
  '@devicebatch/contract': { declarations: [], scripts: [] },
  '@devicebatch/edge': {
    declarations: ['AbortSignal', 'Headers', 'Request', 'RequestInit', 'Response', 'URL', 'fetch'],
    scripts: [
      'AbortController',
      'Headers',
      'ReadableStream',
      'Request',
      'Response',
      'TextDecoder',
      'TextEncoder',
      'URL',
      'URL.canParse',
      'URLSearchParams',
      'atob',
      'clearTimeout',
      'crypto.randomUUID',
      'fetch',
      'performance.now',
      'setTimeout',
    ],
  },
  '@devicebatch/client': {
    declarations: ['AbortSignal', 'Response'],
    scripts: [
      'AbortController',
      'Response.json',
      'TextDecoder',
      'TextEncoder',
      'crypto.randomUUID',
      'performance.now',
      'structuredClone',
    ],
  },
  '@devicebatch/csv': {
    declarations: ['ReadableStream'],
    scripts: ['TextDecoder', 'TextEncoder', 'atob'],
  },
  '@devicebatch/emulator': {
    declarations: ['AbortSignal', 'Request', 'RequestInit', 'Response', 'URL'],
    scripts: [
      'AbortController',
      'Headers',
      'ReadableStream',
      'Request',
      'Response',
      'Response.json',
      'TextEncoder',
      'URL',
      'URL.canParse',
      'URLSearchParams',
      'atob',
      'btoa',
      'clearTimeout',
      'crypto.randomUUID',
      'crypto.subtle',
      'setTimeout',
    ],
  },
  '@devicebatch/files': { declarations: ['AbortSignal'], scripts: [] },
  '@devicebatch/tracker': { declarations: ['AbortSignal'], scripts: [] },
}
