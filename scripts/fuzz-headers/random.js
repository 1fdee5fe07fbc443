/** Random numbers that a seed repeats (xorshift32). */
export function createRandom(seed) {
  let state = seed >>> 0 || 1
  const nat = (limit) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
  return {
    nat,
    pick: (choices) => choices[nat(choices.length)],
    times: (limit, make) => Array.from({ length: nat(limit + 1) }, make),
  }
}
