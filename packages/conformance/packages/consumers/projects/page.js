import { uploadDevices } from './upload-devices.js'

const { searchParams } = new URL(location.href)
uploadDevices(searchParams.get('baseUrl'), searchParams.get('token')).then(
  (result) => document.body.append(JSON.stringify(result)),
  (error) => document.body.append(String(error)),
)
