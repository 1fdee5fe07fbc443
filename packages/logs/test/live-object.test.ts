import { describe, expect, it } from '@jest/globals'
import { createLiveObject } from '../src/live-object.ts'

describe('a live object', () => {
  it('is read once for a copy, and again for the next', () => {
    let reads = 0
    const live = createLiveObject(() => ({ reads: ++reads, same: reads }))
    expect({ ...live }).toEqual({ reads: 1, same: 1 })
    expect(Object.assign({}, live)).toEqual({ reads: 2, same: 2 })
  })

  it('never shows what remained from a copy', () => {
    let value = 'a'
    const live = createLiveObject(() => ({ value })) as { value: string }
    const copy = { ...live }
    value = 'b'
    expect([copy.value, live.value, 'value' in live]).toEqual(['a', 'b', true])
    expect(Object.hasOwn(live, 'value')).toBe(true)
    const described = { value: 'b', writable: true, enumerable: true, configurable: true }
    expect(Object.getOwnPropertyDescriptor(live, 'value')).toEqual(described)
    expect(Object.getOwnPropertyDescriptor(live, 'other')).toBeUndefined()
  })
})
