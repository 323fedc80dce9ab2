/** A Chromium of this machine. */
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

/** Where Debian puts it; `CHROMIUM` names another. */
export const executablePath = process.env['CHROMIUM'] || '/usr/bin/chromium'

export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath, args: ['--no-sandbox'] })
}
