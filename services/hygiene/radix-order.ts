/** Orders many 64-bit numbers by radix, in time linear in how many there are. */

const shifts = [0, 8, 16, 24]

/**
 * Returns the places from 0 to `count` in the ascending order of the numbers there, of which the lists give the lower and
 * the upper halves; places of equal numbers stay in ascending order. Takes eight bytes a place.
 */
export const orderOf = (lower: Uint32Array, upper: Uint32Array, count: number): Uint32Array => {
  let order = Uint32Array.from({ length: count }, (_, place) => place)
  let next = new Uint32Array(count)
  for (const halves of [lower, upper]) {
    for (const shift of shifts) {
      // Slot n holds where the places with digit n go, and at first how many have digit n - 1.
      const starts = new Uint32Array(257)
      for (let place = 0; place < count; place++) {
        const above = (((halves[place] ?? 0) >>> shift) & 0xff) + 1
        starts[above] = (starts[above] ?? 0) + 1
      }
      for (let digit = 1; digit < 256; digit++) starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0)
      for (const place of order) {
        const digit = ((halves[place] ?? 0) >>> shift) & 0xff
        const at = starts[digit] ?? 0
        next[at] = place
        starts[digit] = at + 1
      }
      const done = order
      order = next
      next = done
    }
  }
  return order
}
