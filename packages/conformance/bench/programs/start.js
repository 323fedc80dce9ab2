/**
 * Imports a client and creates one. Then reports the age of the process and the CPU time it has used, in milliseconds.
 * Argument: the client. Plain JavaScript: stripping types would take longer than what is measured.
 */
const { createReader } = await import(`../clients/${process.argv[2]}.js`)
createReader('http://127.0.0.1:9/v1', 'token')
const ageMs = performance.now()
const { user, system } = process.cpuUsage()
process.send({ ageMs, cpuMs: (user + system) / 1_000 })
