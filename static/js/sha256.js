/* SHA-256 (FIPS 180-4) piece by piece: the browser's own knows no pieces, and is missing on pages without https. */
const CONSTANTS = [];
const START = [];

/* The first 32 bits of the fractions of the cube roots and square roots of the first primes. */
for (let number = 2; CONSTANTS.length < 64; number += 1) {
  let isPrime = true;
  for (let factor = 2; factor * factor <= number; factor += 1) isPrime &&= number % factor !== 0;
  if (!isPrime) continue;
  if (START.length < 8) START.push((Math.sqrt(number) % 1) * 2 ** 32);
  CONSTANTS.push((Math.cbrt(number) % 1) * 2 ** 32);
}
const ROUNDS = Int32Array.from(CONSTANTS, (value) => value | 0);

export class Sha256 {
  #state = Int32Array.from(START, (value) => value | 0);
  #words = new Int32Array(64);
  #rest = new Uint8Array(64);
  #waiting = 0;
  #length = 0;

  /* Takes in a Uint8Array. */
  update(bytes) {
    this.#length += bytes.length;
    let at = 0;
    if (this.#waiting) {
      at = Math.min(64 - this.#waiting, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#waiting);
      this.#waiting += at;
      if (this.#waiting < 64) return this;
      this.#block(this.#rest, 0);
      this.#waiting = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) this.#block(bytes, at);
    this.#rest.set(bytes.subarray(at));
    this.#waiting = bytes.length - at;
    return this;
  }

  /* The 32 bytes; nothing more is taken in afterwards. */
  digest() {
    const length = this.#length;
    const end = new Uint8Array((this.#waiting < 56 ? 64 : 128) - this.#waiting);
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(length / 2 ** 29));
    view.setUint32(end.length - 4, (length * 8) % 2 ** 32);
    this.update(end);
    const answer = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, place) => answer.setInt32(place * 4, word));
    return new Uint8Array(answer.buffer);
  }

  #block(bytes, at) {
    const words = this.#words;
    for (let i = 0; i < 16; i += 1, at += 4) words[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    for (let i = 16; i < 64; i += 1) {
      const early = words[i - 15];
      const late = words[i - 2];
      const first = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
      const second = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
      words[i] = (words[i - 16] + first + words[i - 7] + second) | 0;
    }
    const state = this.#state;
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const left = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + left + ((e & f) ^ (~e & g)) + ROUNDS[i] + words[i]) | 0;
      const right = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (right + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    state[0] = (state[0] + a) | 0;
    state[1] = (state[1] + b) | 0;
    state[2] = (state[2] + c) | 0;
    state[3] = (state[3] + d) | 0;
    state[4] = (state[4] + e) | 0;
    state[5] = (state[5] + f) | 0;
    state[6] = (state[6] + g) | 0;
    state[7] = (state[7] + h) | 0;
  }
}

const PIECE = 2 ** 20;

/* The digest of a file as it is read on: the page is free between two pieces of a megabyte. */
export class FileDigest {
  #sha256 = new Sha256();
  #position = 0;
  #reading = Promise.resolve();

  constructor(file) {
    this.file = file;
  }

  /* Read on until there; what was read before is not read again. */
  upTo(end) {
    this.#reading = this.#reading.then(async () => {
      while (this.#position < end) {
        const piece = await this.file.slice(this.#position, Math.min(this.#position + PIECE, end)).arrayBuffer();
        this.#sha256.update(new Uint8Array(piece));
        this.#position += piece.byteLength;
      }
    });
    return this.#reading;
  }

  /* The header that says it (RFC 9530); called with the same answer as often as need be. */
  async header() {
    await this.upTo(this.file.size);
    this.answer ??= `sha-256=:${btoa(String.fromCharCode(...this.#sha256.digest()))}:`;
    return this.answer;
  }
}
