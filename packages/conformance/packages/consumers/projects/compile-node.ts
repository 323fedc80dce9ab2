import { serve } from '@devicebatch/emulator/node'

export * from './compile.js'

export const address: Promise<string> = serve().then(({ baseUrl }) => baseUrl)
