import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {number} mode Unix mode, 0 where the archive was not made on Unix
 * @property {number} method 0 stored, 8 deflated
 * @property {number} compressedBytes
 * @property {number} sizeBytes
 * @property {number} headerOffset
 */

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const FILE_HEADER_BYTES = 30;
const SYMLINK = 0o120000;
const FILE_TYPE = 0o170000;

/**
 * Unpacks a zip archive as it streams, entry by entry (APPNOTE.TXT 4.3; neither zip64 nor
 * encryption, which no Electron archive uses).
 * @param {string} zipFile
 * @param {string} intoDir made if it is missing
 * @param {(name: string) => string | undefined} place where in `intoDir` an entry goes; undefined
 *   leaves it out
 * @returns {Promise<number>} how many files were written
 */
export async function unzip(zipFile, intoDir, place = (name) => name) {
  const root = path.resolve(intoDir);
  const handle = await open(zipFile, 'r');
  let written = 0;
  try {
    for (const entry of await readDirectory(handle)) {
      const placed = place(entry.name);
      if (placed === undefined) continue;
      const target = path.resolve(root, placed);
      if (target !== root && !target.startsWith(root + path.sep)) {
        throw new Error(`${zipFile} has an entry outside its folder: ${entry.name}`);
      }
      if (entry.name.endsWith('/')) {
        await mkdir(target, { recursive: true });
        continue;
      }
      await mkdir(path.dirname(target), { recursive: true });
      await writeEntry(zipFile, handle, entry, target);
      written += 1;
    }
  } finally {
    await handle.close();
  }
  return written;
}

/**
 * @param {import('node:fs/promises').FileHandle} handle
 * @returns {Promise<Entry[]>}
 */
async function readDirectory(handle) {
  const { size } = await handle.stat();
  // The end record is 22 bytes and a comment of at most 64 KiB.
  const tail = await readAt(handle, Math.max(0, size - 22 - 0xffff), Math.min(size, 22 + 0xffff));
  const end = tail.lastIndexOf(littleEndian(END_OF_DIRECTORY));
  if (end === -1 || end + 22 > tail.length)
    throw new Error('not a zip archive, or a truncated one');
  const count = tail.readUInt16LE(end + 10);
  const directory = await readAt(handle, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));

  const entries = [];
  for (let at = 0, index = 0; index < count; index += 1) {
    if (directory.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('damaged zip directory');
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      mode: directory.readUInt32LE(at + 38) >>> 16,
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      sizeBytes: directory.readUInt32LE(at + 24),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * @param {string} zipFile
 * @param {import('node:fs/promises').FileHandle} handle
 * @param {Entry} entry
 * @param {string} target
 */
async function writeEntry(zipFile, handle, entry, target) {
  if (entry.method !== 0 && entry.method !== 8) {
    throw new Error(`${entry.name} is compressed by method ${entry.method}, which is not known`);
  }
  const header = await readAt(handle, entry.headerOffset, FILE_HEADER_BYTES);
  const start =
    entry.headerOffset + FILE_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  const output = createWriteStream(target, { mode: entry.mode & 0o777 || 0o644 });
  const input =
    entry.compressedBytes === 0
      ? Readable.from([])
      : createReadStream(zipFile, { start, end: start + entry.compressedBytes - 1 });
  await (entry.method === 0
    ? pipeline(input, output)
    : pipeline(input, createInflateRaw(), output));
  if (output.bytesWritten !== entry.sizeBytes) throw new Error(`${entry.name} is truncated`);
  if ((entry.mode & FILE_TYPE) === SYMLINK) {
    const pointsTo = await readFile(target, 'utf8');
    await rm(target);
    await symlink(pointsTo, target);
  }
}

/**
 * @param {import('node:fs/promises').FileHandle} handle
 * @param {number} position
 * @param {number} lengthBytes
 */
async function readAt(handle, position, lengthBytes) {
  const buffer = Buffer.alloc(lengthBytes);
  const { bytesRead } = await handle.read(buffer, 0, lengthBytes, position);
  if (bytesRead !== lengthBytes) throw new Error('truncated zip archive');
  return buffer;
}

/** @param {number} value */
function littleEndian(value) {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
