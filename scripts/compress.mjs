// Compresses the files of the dashboard once, at build, as small as it gets: the server only sends them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

// Fonts are compressed already.
const COMPRESSED = new Set(['.js', '.css', '.svg']);

export function compressFiles(directory) {
  for (const name of readdirSync(directory)) {
    if (!COMPRESSED.has(extname(name))) continue;
    const file = join(directory, name);
    const content = readFileSync(file);
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  }
}
