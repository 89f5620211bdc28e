/** Ink on a grid of pixels, from 0 to 1, row by row. */

export type Pixels = readonly number[];

export function blank(side: number): Pixels {
  return Array.from({ length: side * side }, () => 0);
}

/** How far a round brush reaches, in pixels of the grid: about as thick as a pen on such small images. */
function reachOf(side: number): number {
  return Math.max(0.95, side / 11);
}

/** The pixels after a dot of ink (or of nothing) at a point given in pixels; edges are soft, as scans have them. */
export function dot(pixels: Pixels, side: number, x: number, y: number, erase = false): Pixels {
  const reach = reachOf(side);
  return pixels.map((before, index) => {
    const distance = Math.hypot((index % side) + 0.5 - x, Math.floor(index / side) + 0.5 - y);
    if (distance >= reach) return before;
    const ink = Math.min(1, 1.5 * (1 - distance / reach));
    return erase ? Math.min(before, 1 - ink) : Math.max(before, ink);
  });
}

/** Dots so close together that a quick move leaves no holes. */
export function line(
  pixels: Pixels,
  side: number,
  from: readonly [number, number],
  to: readonly [number, number],
  erase = false,
): Pixels {
  const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) * 2));
  let drawn = pixels;
  for (let step = 0; step <= steps; step += 1) {
    const share = step / steps;
    drawn = dot(drawn, side, from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share, erase);
  }
  return drawn;
}

/** One pixel, full or empty: for the keyboard. */
export function toggled(pixels: Pixels, index: number): Pixels {
  return pixels.map((ink, place) => (place === index ? (ink > 0.5 ? 0 : 1) : ink));
}
