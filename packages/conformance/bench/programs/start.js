/**
 * Imports a client and makes one. Reports how old the process is then and the CPU time that it has taken, in milliseconds.
 * Argument: the client. Plain JavaScript: stripping types would take longer than what is measured.
 */
const { createReader } = await import(`../clients/${process.argv[2]}.js`)
createReader('http://127.0.0.1:9/v1', 'token')
const ageMs = performance.now()
const { user, system } = process.cpuUsage()
process.send({ ageMs, cpuMs: (user + system) / 1_000 })
