/**
 * A number from 0 to 2^47 - 1 that stands for a text in the index: the same on every machine and in every version, so
 * no dictionary is kept. Two different texts of one database share a number with a chance of about one in a million
 * for ten thousand texts. It is no protection against somebody who looks for two such texts.
 */
export function hashText(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = (Math.imul(high ^ unit, 0x85ebca6b) + low) | 0;
  }
  return (finish(high ^ low) >>> 17) * 0x1_0000_0000 + (finish(low + Math.imul(high, 0xc2b2ae35)) >>> 0);
}

function finish(lane: number): number {
  const mixed = Math.imul(lane ^ (lane >>> 16), 0x7feb352d);
  const again = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return again ^ (again >>> 16);
}
