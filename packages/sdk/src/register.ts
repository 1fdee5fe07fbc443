import { startTracing } from './start-tracing.ts'

// For `node --import @callchain/sdk/register app.js`, and `--require` for CommonJS: everything is
// set by the environment.
startTracing()
