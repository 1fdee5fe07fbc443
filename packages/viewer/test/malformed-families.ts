import type { TestSpan } from './spans.ts'

const chain = (length: number, from = 1): TestSpan[] =>
  Array.from({ length }, (_, at) => ({
    id: from + at,
    parent: from + ((at + 1) % length),
    at: at + 1,
    took: 5,
  }))

/** Families of spans that no tracer should send, and some do. */
export const MALFORMED: Readonly<Record<string, readonly TestSpan[]>> = {
  'a span that is its own parent': [{ id: 1, parent: 1 }],
  'two spans that are each the parent of the other': chain(2),
  'a circle of forty spans': chain(40),
  'two circles': [...chain(2), ...chain(3, 10)],
  'a circle with children, one of which begins first': [
    ...chain(3),
    { id: 7, parent: 2, at: 0, took: 2 },
    { id: 8, parent: 7, at: 2, took: 1 },
  ],
  'a circle beside a root': [{ id: 20, at: 0, took: 9 }, ...chain(2), { id: 21, parent: 20 }],
  'a circle beside an orphan': [{ id: 20, parent: 99, at: 3 }, ...chain(2)],
  'parents that are all missing': [
    { id: 1, parent: 91, at: 2 },
    { id: 2, parent: 92, at: 1 },
    { id: 3, parent: 93, at: 3 },
  ],
  'one span twice, with other parents': [
    { id: 1, parent: 2 },
    { id: 2, parent: 1, at: 1 },
    { id: 1, at: 2 },
    { id: 2, parent: 2 },
  ],
  'several roots': [{ id: 1, at: 1 }, { id: 2 }, { id: 3, parent: 1 }],
}
