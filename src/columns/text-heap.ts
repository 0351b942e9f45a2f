const FIRST_SIZE = 1 << 16;
/** A buffer that a burst of rows made larger than this is let go with the batch that needed it. */
const KEPT_SIZE = 1 << 26;
/** Up to here a loop over the characters is faster than a call into the runtime. */
const LOOP_LENGTH = 40;
/** What UTF-8 or databases may not be able to hold. */
const SUSPECT = /[\0\ud800-\udfff]/;

/** The UTF-8 bytes of all texts of one batch, one after another. Used again for the next batch. */
export class TextHeap {
  bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_SIZE);
  /** Bytes in use: where the next text starts. */
  length = 0;
  /** True when a text with lone surrogates was appended. Whoever counts such texts sets it back. */
  repaired = false;
  private words: DataView = wordsOf(this.bytes);

  /**
   * Appends a text; it lies between the old and the new `length`. Lone surrogates become U+FFFD and
   * NUL characters are left out: UTF-8 cannot hold the former and databases refuse the latter.
   */
  appendText(text: string): void {
    const size = text.length;
    if (size > LOOP_LENGTH) {
      this.appendEncoded(text);
      return;
    }
    if (this.length + size > this.bytes.length) this.grow(size);
    const { bytes, length } = this;
    let bits = 0;
    for (let i = 0; i < size; i += 1) {
      const code = text.charCodeAt(i);
      // NUL, and no other ASCII, sets high bits here.
      bits |= code | (code - 1);
      bytes[length + i] = code;
    }
    if ((bits & ~0x7f) === 0) this.length = length + size;
    else this.appendEncoded(text);
  }

  /** Appends bytes that are UTF-8 already, or binary data. */
  appendBytes(source: Uint8Array, start = 0, end: number = source.length): void {
    this.reserve(end - start);
    this.bytes.set(source.subarray(start, end), this.length);
    this.length += end - start;
  }

  /** Appends a short run of a heap: an id of 14 bytes costs less in a loop than in a call. */
  appendRun(source: TextHeap, start: number, size: number): void {
    // Whole words are copied: there is room for them in both, and what follows a text means nothing.
    this.reserve(size + 4);
    source.reserve(4);
    const from = source.words;
    const to = this.words;
    const at = this.length;
    for (let i = 0; i < size; i += 4) to.setUint32(at + i, from.getUint32(start + i));
    this.length = at + size;
  }

  /** Appends the bytes of four words, `size` of them. */
  appendWords(words: Uint32Array, first: number, size: number): void {
    this.reserve(16);
    const to = this.words;
    const at = this.length;
    for (let i = 0; i < 4; i += 1) to.setUint32(at + i * 4, words[first + i] as number, LITTLE_ENDIAN);
    this.length = at + size;
  }

  /** Makes room for `size` more bytes. */
  reserve(size: number): void {
    if (this.length + size > this.bytes.length) this.grow(size);
  }

  /** Starts over. What was handed out stays readable until something is appended. */
  clear(): void {
    this.length = 0;
    if (this.bytes.length > KEPT_SIZE) this.renew();
  }

  /** The bytes so far. They are good until `clear`, and after that until something is appended. */
  used(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  /** Starts over with a buffer of its own, for about so many bytes: what was handed out stays readable. */
  renew(expected = 0): void {
    this.length = 0;
    this.bytes = Buffer.allocUnsafeSlow(Math.max(FIRST_SIZE, expected + (expected >> 3)));
    this.words = wordsOf(this.bytes);
  }

  private appendEncoded(text: string): void {
    const clean = SUSPECT.test(text) ? this.cleaned(text) : text;
    // No character takes more than three bytes a UTF-16 unit.
    this.reserve(clean.length * 3);
    this.length += this.bytes.write(clean, this.length, 'utf8');
  }

  private cleaned(text: string): string {
    if (!isWellFormed(text)) this.repaired = true;
    return text.replaceAll('\0', '');
  }

  private grow(size: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + size));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
    this.words = wordsOf(larger);
  }
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function wordsOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** True without lone surrogates. Part of ES2024, which Node has since version 20. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
