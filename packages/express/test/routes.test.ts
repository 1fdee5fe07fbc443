import express from 'express'
import express4 from 'express4'
import { routePromises } from './routes/route-promises.ts'

routePromises({
  name: 'Express 5',
  express,
  below: (path) => `${path}/*path`,
  regexpMount: '/^\\/v\\d+',
})

routePromises({
  name: 'Express 4',
  express: express4 as unknown as typeof express,
  below: (path) => `${path}/*`,
  regexpMount: '/^\\/v\\d+',
})
