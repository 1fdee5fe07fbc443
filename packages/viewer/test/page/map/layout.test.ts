import { expect, it } from '@jest/globals'
import { type Direction, layoutMap } from '../../../page/map/layout.ts'
import type { ServiceMap } from '../../../src/contract/figures.ts'

const MAP = {
  nodes: [{ id: 'shop' }, { id: 'other' }],
  edges: [
    { from: 'shop', to: 'shop' },
    { from: 'shop', to: 'other' },
  ],
} as unknown as ServiceMap

it.each<Direction>(['LR', 'TB'])(
  'begins and ends the line of a call of a service to itself at its node, from %s',
  (direction) => {
    const { nodes, edges } = layoutMap(MAP, direction)
    const [shop] = nodes
    const [own] = edges
    if (!shop || !own) throw new Error('nothing is laid out')
    for (const { x, y } of [own.points[0], own.points.at(-1)].flatMap((end) => end ?? [])) {
      const [aside, apart] = [Math.abs(x - shop.x), Math.abs(y - shop.y)]
      expect(aside === shop.width / 2 || apart === shop.height / 2).toBe(true)
      expect(aside <= shop.width / 2 && apart <= shop.height / 2).toBe(true)
    }
    const [turn] = own.points.slice(2)
    expect(turn).toEqual({ x: own.x, y: own.y })
  },
)
