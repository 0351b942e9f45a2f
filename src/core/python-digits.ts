const DIGIT = /\p{Nd}/u;
const OTHER_DIGIT = /(?![0-9])\p{Nd}/gu;

/** Replaces the digits of other scripts (`٣`) by ASCII digits, as Python's `int` and `float` read them. */
export function asciiDigits(text: string): string {
  return text.replace(OTHER_DIGIT, (char) => String(digitValue(char.codePointAt(0) as number)));
}

/** Unicode keeps the digits of a script together, from zero to nine, and starts each run of scripts with a zero. */
function digitValue(code: number): number {
  let start = code;
  while (DIGIT.test(String.fromCodePoint(start - 1))) start -= 1;
  return (code - start) % 10;
}
