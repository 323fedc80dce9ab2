/**
 * The globals that each library takes from the runtime: nothing else may be needed. A static member stands with its object.
 *
 * Before adding one, see that every runtime of the suite has it; vitest's Vercel edge-runtime has the fewest.
 */

interface Globals {
  /** What the published declarations name: whoever type-checks has these from `lib` DOM, Node's types or a Worker's. */
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
