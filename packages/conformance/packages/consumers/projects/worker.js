import { uploadDevices } from './upload-devices.js'

// oxlint-disable-next-line import/no-default-export -- That is what a Worker is.
export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url)
    return Response.json(await uploadDevices(searchParams.get('baseUrl'), searchParams.get('token')))
  },
}
