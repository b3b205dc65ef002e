/** How big the script is on the wire. Used by `npm test` (the promise) and `npm run bench` (the table). */
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Promise P24, for a whole English booking in brotli 11. */
export const BROTLI_BYTES_AT_MOST = 20_000;

export interface Size {
  rawBytes: number;
  gzipBytes: number;
  brotliBytes: number;
}

/** Sizes of some bytes: as they are, gzip 9, brotli 11. */
export function sizeOf(bytes: Buffer): Size {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return {
    rawBytes: bytes.length,
    gzipBytes: gzipSync(bytes, { level: 9 }).length,
    brotliBytes: brotliCompressSync(bytes, { params }).length,
  };
}

export function sizeOfFile(file: string): Size {
  return sizeOf(readFileSync(file));
}
