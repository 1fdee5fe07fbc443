export { logFields } from './log-fields.ts'
