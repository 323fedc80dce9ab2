/** Waits for the URL that a browser on another machine was redirected to, pasted into the terminal. */
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** The pasted lines; `close()` lets the process exit. */
export interface PastedRedirect {
  /** Resolves with the first URL that has this `state`; never resolves if the input ends first. */
  url: Promise<URL>
  close(): void
}

/** Reads lines until one is the redirect; `onOther` is called for each other line. */
export function readPastedRedirect(input: Readable, state: string, onOther: () => void): PastedRedirect {
  const lines = createInterface({ input, terminal: false })
  const url = new Promise<URL>((resolve) => {
    lines.on('line', (line) => {
      const text = line.trim()
      if (text === '') return
      const redirect = URL.canParse(text) ? new URL(text) : undefined
      if (redirect?.searchParams.get('state') === state) resolve(redirect)
      else onOther()
    })
  })
  return { url, close: () => lines.close() }
}
