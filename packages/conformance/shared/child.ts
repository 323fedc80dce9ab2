/** Runs a program in a separate process, where nothing but the client can keep it alive or hold memory. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { patienceMs } from './patience.ts'

interface ChildResult {
  /** What the program reported, in order. */
  reports: unknown[]
  exitCode: number | null
  stderr: string
  /** How long it ran after its last report, in milliseconds. */
  lingeredMs: number
}

/**
 * Runs a program, such as `new URL('./storm-child.ts', import.meta.url)`, with `--expose-gc` until it ends by itself. One that hangs is
 * ended before its test is.
 *
 * @param args Its arguments.
 * @param answer Called with each report; the program gets `'go on'` once it has resolved.
 * @param onStart Called with a function that sends the program any other message.
 */
export async function runChild(
  program: URL,
  args: string[],
  answer: (report: unknown) => void | Promise<void> = () => {},
  onStart: (tell: (message: object) => void) => void = () => {},
): Promise<ChildResult> {
  const child = spawn(process.execPath, ['--expose-gc', fileURLToPath(program), ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: patienceMs,
  })
  onStart((message) => child.connected && child.send(message, () => {}))
  const reports: unknown[] = []
  let stderr = ''
  let reportedAt = performance.now()
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.on('message', (report) => {
    reports.push(report)
    reportedAt = performance.now()
    // The program does not listen after its last report.
    void Promise.resolve(answer(report)).then(() => child.connected && child.send('go on', () => {}))
  })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { reports, exitCode, stderr, lingeredMs: performance.now() - reportedAt }
}

/** In the program: reports, and waits for permission to continue. The channel does not keep the program alive. */
export async function report(facts: unknown): Promise<void> {
  await new Promise<void>((resolve) => {
    const onMessage = (message: unknown): void => {
      if (message !== 'go on') return
      process.off('message', onMessage)
      resolve()
    }
    process.on('message', onMessage)
    process.send!(facts)
  })
}

/** In the program: sends the last report and closes the channel. */
export function reportLast(facts: unknown): void {
  process.send!(facts, () => process.disconnect())
}
