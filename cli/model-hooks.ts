/**
 * Module hooks, in Node's loader thread, for a user's model files: `counterpoint` resolves to this very package where the
 * file's own folder has none installed, and a `.ts` file is an ES module whatever the package.json around it says.
 */
import type { InitializeHook, ResolveFnOutput, ResolveHook } from 'node:module'

let ownModules: Readonly<Record<string, string>> = {}

export const initialize: InitializeHook<Readonly<Record<string, string>>> = (data) => {
  ownModules = data
}

export const resolve: ResolveHook = async (specifier, context, next) => {
  const resolved = await attempt(specifier, context, next)
  return /\.ts(\?|$)/.test(resolved.url) ? { ...resolved, format: 'module' } : resolved
}

async function attempt(specifier: string, context: Parameters<ResolveHook>[1], next: Parameters<ResolveHook>[2]): Promise<ResolveFnOutput> {
  try {
    return await next(specifier, context)
  } catch (error) {
    const own = ownModules[specifier]
    if (own === undefined) throw error
    return next(own, context)
  }
}
