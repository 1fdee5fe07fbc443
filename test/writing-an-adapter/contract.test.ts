import { serverContract } from '@callchain/testing'
import { createApp } from './application.ts'

serverContract({ name: 'the router', createApp })
