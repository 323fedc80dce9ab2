import { defineConfig } from 'vitest/config'

import { patient } from '../conformance/shared/patience.ts'

export default defineConfig({ test: patient })
