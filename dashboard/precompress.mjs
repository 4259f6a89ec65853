/**
 * Writes a `.br` beside every text or font of a built folder, so that the server never compresses.
 *
 * Usage: node precompress.mjs <folder>. A file that brotli does not make smaller gets none.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const COMPRESSIBLE = new Set(['.css', '.js', '.json', '.svg', '.ttf']);
const compress = promisify(brotliCompress);

const folder = process.argv[2];
if (!folder) throw new Error('Usage: node precompress.mjs <folder>');

async function precompress(path) {
  const raw = await readFile(path);
  const packed = await compress(raw, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    },
  });
  if (packed.length < raw.length) await writeFile(`${path}.br`, packed);
}

const entries = await readdir(folder, { recursive: true, withFileTypes: true });
await Promise.all(
  entries
    .filter((entry) => entry.isFile() && COMPRESSIBLE.has(extname(entry.name)))
    .map((entry) => precompress(join(entry.parentPath ?? entry.path, entry.name))),
);
