import { chain, createRecorder } from '@callchain/testing'
import { startApplication } from './application.mjs'

/** The same tests for each runner with `expect`. */
export function suite({ describe, expect, it }) {
  describe('chains', () => {
    it('are asserted on, and say what is wrong with them', async () => {
      const recorder = createRecorder()
      const app = await startApplication()
      const trace = await chain(({ headers }) => fetch(`${app.url}/lists/4`, { headers }))
      await app.close()
      await recorder.shutdown()
      expect(trace).toRunStatements({ max: 4 })
      expect(trace).toMatchChain('GET /lists/:length  200\n  SELECT lines × 4')
      expect(() => expect(trace).not.toRepeatStatements()).toThrow(/the same statement 4 times/)
    })
  })
}
