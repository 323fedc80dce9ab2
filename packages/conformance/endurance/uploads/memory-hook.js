/** Loaded into a process that is measured: leaves its peak memory, in kilobytes, in a file when it ends. */
import { writeFileSync } from 'node:fs'

process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)))
