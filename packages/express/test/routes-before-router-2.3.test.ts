import { describe, expect, it, jest } from '@jest/globals'
import type express from 'express'
import { routePromises } from './routes/route-promises.ts'

// Express 5.0 to 5.2 came with it, and lockfiles keep it there.
jest.doMock('router', () => jest.requireActual('router22'))
const onRouter22 = jest.requireActual<typeof express>('express')

describe('this file', () => {
  it('runs on a router that keeps no paths', () => {
    expect(onRouter22().get('/', () => {}).router.stack[0]).not.toHaveProperty('rawPath')
  })
})

routePromises({
  name: 'Express 5 on router 2.2',
  express: onRouter22,
  below: (path) => `${path}/*path`,
  regexpMount: undefined,
})
