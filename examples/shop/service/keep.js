/**
 * Which traces the services keep, as `keep` of `startTracing()` in JSON: `SHOP_KEEP='{"share":0.01}'`.
 * Without it, all.
 */
export const keep = process.env.SHOP_KEEP ? JSON.parse(process.env.SHOP_KEEP) : undefined
