/** `node test/send-large-file.ts <address>`: sends the largest file to a dashboard, and submits it. */
import { largestFile, sendFile } from './large-file.ts'

const [url = 'http://127.0.0.1:7820'] = process.argv.slice(2)
const check = await sendFile(url, largestFile())
if (check === undefined) throw new Error('The file was refused.')
const { status } = await fetch(url + check, { method: 'POST', redirect: 'manual', headers: { Origin: url } })
if (status !== 303) throw new Error(`The upload was refused with ${status}.`)
