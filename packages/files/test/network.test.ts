/** The system's network settings. */
import { SystemNetworkError, useSystemNetwork } from '@devicebatch/files/network'
import { expect, test } from 'vitest'

test.for([
  ['HTTPS_PROXY', '127.0.0.1:3128'],
  ['https_proxy', 'http://user:SECRET@'],
  ['HTTP_PROXY', 'proxy'],
])('%s that is not the URL of a proxy is refused by its name, without its value', ([name, value]) => {
  const use = (): void => useSystemNetwork({ [name!]: value })
  expect(use).toThrow(SystemNetworkError)
  expect(use).toThrow(
    `${name} is not the URL of a proxy, such as http://proxy.example.com:8080. Correct it, or unset it.`,
  )
})
