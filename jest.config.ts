/** @jest-config-loader esbuild-register */
import type { Config } from 'jest'

const config: Config = {
  testEnvironment: 'node',
  testMatch: [
    '<rootDir>/packages/*/test/**/*.test.ts',
    '<rootDir>/examples/*/test/**/*.test.ts',
    '<rootDir>/test/**/*.test.ts',
  ],
  transform: { '\\.ts$': '@swc/jest', '/examples/.*\\.js$': '@swc/jest' },
  moduleNameMapper: {
    '^@callchain/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@callchain/([^/]+)/([^/.]+)$': '<rootDir>/packages/$1/src/$2.ts',
  },
}

export default config
