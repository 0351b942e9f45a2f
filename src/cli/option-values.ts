import { InvalidArgumentError } from 'commander';
import { type LoadSize, parseLoadSize } from '../core/load-size.ts';

/** Names that are separated by commas. */
export function nameList(text: string): readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('Name at least one resource.');
  return names;
}

/** A whole number from 1. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
}

/** How large a load is. */
export function loadSize(text: string): LoadSize {
  const size = parseLoadSize(text);
  if (size === undefined) throw new InvalidArgumentError('Give a number of rows, like 100000, or a size, like 256MB.');
  return size;
}

/** A number of seconds from 0. */
export function secondsFrom0(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('Give a number of seconds from 0.');
  return value;
}

/** Milliseconds of a `--wait` that may lack its seconds: then without an end. */
export function waitMs(wait: number | true | undefined): number | undefined {
  return wait === true ? Number.POSITIVE_INFINITY : wait === undefined ? undefined : wait * 1000;
}
