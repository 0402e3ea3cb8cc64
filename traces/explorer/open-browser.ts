/** Opens an address in the browser that the user has. */
import { spawn } from 'node:child_process'

/** Whether there was a program to do so. What it does then is its own business. */
export function openBrowser(url: string, platform: string = process.platform): Promise<boolean> {
  const [program, ...before] = platform === 'darwin' ? ['open'] : platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
  return new Promise((resolve) => {
    const child = spawn(program as string, [...before, url], { detached: true, stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
