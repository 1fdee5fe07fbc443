import { tracePlatformaticKafka } from '@callchain/messaging/platformatic-kafka'
import { describe, expect, it } from '@jest/globals'
import * as newest from '@platformatic/kafka'
import * as oldest from 'platformatic-kafka-1.11'
import { libraryLine } from '../../../test/library-line.ts'
import {
  type PlatformaticKafka,
  platformaticContract,
  platformaticContractOfRecorder,
} from './platformatic-kafka-contract.ts'
import { platformaticPromises } from './platformatic-kafka-promises.ts'

/** The newest that runs on Node 20, and the oldest that we serve; `scripts/newer-node.js` runs version 2. */
const lines = {
  [libraryLine('@platformatic/kafka')]: newest,
  [libraryLine('@platformatic/kafka', 'platformatic-kafka-1.11')]: oldest,
}

for (const [line, library] of Object.entries(lines)) {
  const kafka = library as unknown as PlatformaticKafka
  platformaticContract(line, kafka)
  platformaticPromises(line, kafka, { describe, it })
}

const [[newestLine] = ['']] = Object.entries(lines)
platformaticContractOfRecorder(newestLine, newest as unknown as PlatformaticKafka)

it('refuses what it cannot trace, and options that are not allowed', () => {
  expect(() => tracePlatformaticKafka({})).toThrow(
    'tracePlatformaticKafka() takes a Producer or a Consumer of @platformatic/kafka',
  )
  expect(() => tracePlatformaticKafka({}, { trust: 'all' as 'edge' })).toThrow(/trust/)
})
