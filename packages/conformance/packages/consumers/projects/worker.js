import { uploadDevices } from './upload-devices.js'

// oxlint-disable-next-line import/no-default-export -- A Worker must be a default export.
export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url)
    return Response.json(await uploadDevices(searchParams.get('baseUrl'), searchParams.get('token')))
  },
}
