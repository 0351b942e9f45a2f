/** What cannot stand in the name of a file or folder everywhere, or would lead out of the folder. */
const UNSAFE = /[/\\\p{Cc}%]|^\.|[. ]$/gu;

/** A name as part of a path: what is unsafe there is written like in a URL. */
export function pathName(name: string, unsafe: RegExp = UNSAFE): string {
  return name === '' ? '%' : name.replace(unsafe, percentEncoded);
}

/** A table's name as part of a path in which dots end it. */
export function pathNameWithoutDots(name: string): string {
  return pathName(pathName(name), /\./g);
}

function percentEncoded(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');
}
