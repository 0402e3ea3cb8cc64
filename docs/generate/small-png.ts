/**
 * Makes screenshots small: a PNG with a palette, which is what pictures of text and lines need (PNG Specification, W3C, sections 9 and
 * 11). Where there are more colours than a palette holds, those that are nearly the same become one.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const coloursMax = 256

/**
 * @param png of 8 bits a channel, RGB or RGBA, not interlaced, as browsers make it; what shines through is left aside
 * @throws if it is another kind of picture
 */
export function smallPng(png: Buffer): Buffer {
  const { width, height, pixels } = readPng(png)
  const { palette, indices } = indexed(pixels)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits, colours from a palette.
  header.set([8, 3, 0, 0, 0], 8)
  // Each row begins with its filter: none is best for a palette.
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++) rows.set(indices.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}

/** Colours as 0xRRGGBB. Where there are too many, each becomes the one of the palette that is nearest. */
function indexed(pixels: Uint32Array): { readonly palette: Buffer; readonly indices: Uint8Array } {
  const counts = new Map<number, number>()
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const { chosen, index } = choose(counts)
  const palette = Buffer.alloc(3 * chosen.length)
  for (const [at, colour] of chosen.entries()) palette.writeUIntBE(colour, 3 * at, 3)
  return { palette, indices: Uint8Array.from(pixels, (colour) => index.get(colour) ?? 0) }
}

/** One after the other, the colour that would be missed most: far from those that are there, and common. A small red cross stays red. */
function choose(counts: ReadonlyMap<number, number>): { readonly chosen: readonly number[]; readonly index: ReadonlyMap<number, number> } {
  const left = new Map([...counts.keys()].map((colour) => [colour, { distance: Number.POSITIVE_INFINITY, nearest: 0 }]))
  const chosen: number[] = []
  while (chosen.length < Math.min(coloursMax, counts.size)) {
    const missed = (colour: number): number => (left.get(colour)?.distance ?? 0) * Math.sqrt(counts.get(colour) ?? 0)
    const next = [...left.keys()].reduce((best, colour) => (missed(colour) > missed(best) ? colour : best))
    const at = chosen.push(next) - 1
    for (const [colour, was] of left) {
      const distance = distanceOf(colour, next)
      if (distance < was.distance) left.set(colour, { distance, nearest: at })
    }
  }
  return { chosen, index: new Map([...left].map(([colour, { nearest }]) => [colour, nearest])) }
}

function distanceOf(a: number, b: number): number {
  const by = (shift: number): number => ((a >> shift) & 0xff) - ((b >> shift) & 0xff)
  return by(16) ** 2 + by(8) ** 2 + by(0) ** 2
}

/** The picture without its compression; exported for tests, which compare what is drawn. */
export function readPng(png: Buffer): { readonly width: number; readonly height: number; readonly pixels: Uint32Array } {
  if (!png.subarray(0, 8).equals(signature)) throw new Error('this is not a PNG')
  const chunks: { readonly type: string; readonly data: Buffer }[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) })
    at += length + 12
  }
  const of = (wanted: string): Buffer => Buffer.concat(chunks.flatMap(({ type, data }) => (type === wanted ? [data] : [])))
  const header = of('IHDR')
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const channels = ({ 2: 3, 3: 1, 6: 4 } as const)[header[9] ?? -1]
  if (header[8] !== 8 || channels === undefined || header[12] !== 0) throw new Error('this PNG is not of 8 bits a channel, in colour')
  const bytes = unfiltered(inflateSync(of('IDAT')), width * channels, channels)
  const palette = of('PLTE')
  const pixels = Uint32Array.from({ length: width * height }, (_, i) =>
    channels === 1 ? palette.readUIntBE(3 * (bytes[i] ?? 0), 3) : bytes.readUIntBE(i * channels, 3),
  )
  return { width, height, pixels }
}

/** Undoes the prediction of each byte from those to its left and above. */
function unfiltered(rows: Buffer, rowBytes: number, channels: number): Buffer {
  const height = rows.length / (rowBytes + 1)
  const bytes = Buffer.alloc(height * rowBytes)
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (rowBytes + 1)] ?? 0
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x
      const left = x < channels ? 0 : (bytes[at - channels] ?? 0)
      const up = y === 0 ? 0 : (bytes[at - rowBytes] ?? 0)
      const corner = y === 0 || x < channels ? 0 : (bytes[at - rowBytes - channels] ?? 0)
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0
      bytes[at] = (rows[y * (rowBytes + 1) + 1 + x] ?? 0) + predicted
    }
  }
  return bytes
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner
}
