import { defineConfig } from 'vitest/config'

import { patient } from '../../packages/conformance/shared/patience.ts'

export default defineConfig({ test: patient })
