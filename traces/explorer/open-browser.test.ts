import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openBrowser } from './open-browser.ts'

describe('opening a browser', () => {
  afterEach(() => vi.unstubAllEnvs())

  it.each([
    ['linux', 'xdg-open'],
    ['darwin', 'open'],
  ] as const)('hands the address to the program of %s, and says whether there is one', async (platform, name) => {
    const place = mkdtempSync(join(tmpdir(), 'counterpoint-open-'))
    const seen = join(place, 'seen')
    vi.stubEnv('PATH', place)
    expect(await openBrowser('http://127.0.0.1:1/?token=a&b', platform)).toBe(false)
    writeFileSync(join(place, name), `#!/bin/sh\necho "$1" > '${seen}.part'\n/bin/mv '${seen}.part' '${seen}'\n`)
    chmodSync(join(place, name), 0o755)
    expect(await openBrowser('http://127.0.0.1:1/?token=a&b', platform)).toBe(true)
    await vi.waitFor(() => expect(existsSync(seen)).toBe(true), 10_000)
    expect(readFileSync(seen, 'utf8')).toBe('http://127.0.0.1:1/?token=a&b\n')
    rmSync(place, { recursive: true })
  })
})
