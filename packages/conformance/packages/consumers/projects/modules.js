import { uploadDevices } from './upload-devices.js'

const [baseUrl, token] = process.argv.slice(2)
console.log(JSON.stringify(await uploadDevices(baseUrl, token)))
