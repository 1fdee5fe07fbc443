import type { DatabaseUnderTest } from '@callchain/testing'

/** What the spans of the contract's two commands must say. */
export function redisExpectations(url: URL): Pick<DatabaseUnderTest, 'read' | 'fail'> {
  const shared = {
    'db.system.name': 'redis',
    'db.namespace': '0',
    'db.query.summary': undefined,
    'server.address': url.hostname,
    'server.port': url.port === '6379' ? undefined : Number(url.port),
  }
  return {
    read: () => ({
      name: 'HGET',
      attributes: { ...shared, 'db.operation.name': 'HGET', 'db.query.text': 'HGET hash ?' },
    }),
    fail: () => ({
      name: 'HSET',
      attributes: {
        ...shared,
        'db.operation.name': 'HSET',
        'db.query.text': 'HSET text ? ?',
        'db.response.status_code': 'WRONGTYPE',
      },
    }),
  }
}
