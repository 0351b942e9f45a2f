import { JsonFloat, type Json } from '../core/json.ts';

/** How many numbers in a value are beyond what a double holds: JSON has `null` for them. */
export function lostNumbers(value: Json): number {
  let lost = 0;
  const open: Json[] = [value];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (item instanceof JsonFloat) lost += Number.isFinite(item.value) ? 0 : 1;
    else if (typeof item === 'object' && item !== null) for (const part of Object.values(item)) open.push(part);
  }
  return lost;
}
