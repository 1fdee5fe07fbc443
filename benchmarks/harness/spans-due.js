import { setTimeout as delay } from 'node:timers/promises'

/**
 * Waits until the collector has counted the spans that are due, or five seconds: some variants cannot
 * be flushed and export on a timer. Rejects when the number differs by more than `slack`, a share: a variant
 * that drops what it traced would look cheap. Resolves to the number of all spans.
 */
export async function spansDue(name, count, { kind, due, slack = 0.01 }) {
  let counted = await count()
  for (let tries = 0; tries < 100 && counted[kind] < due; tries += 1) {
    await delay(50)
    counted = await count()
  }
  const { all, [kind]: found } = counted
  const right = due === 0 ? all === 0 : Math.abs(found - due) <= Math.max(2, due * slack)
  if (!right) throw new Error(`${name}: ${found} ${kind} spans (${all} in all) for ${due} due`)
  return all
}
