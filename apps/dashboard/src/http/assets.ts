/** The files that the browser loads, served unchanged; a URL changes with its file, so that it can be cached forever. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import type { Context } from 'hono'

import type { Site } from '../site.ts'

interface Asset {
  url: string
  type: string
  body: string
}

export const assets = {
  'style.css': load('style.css', 'text/css; charset=utf-8'),
  'page.js': load('page.js', 'text/javascript; charset=utf-8'),
  'icon.svg': load('icon.svg', 'image/svg+xml'),
}

/** `GET /public/:name` */
export function sendAsset(c: Context<Site>): Response | Promise<Response> {
  const name = c.req.param('name') ?? ''
  if (!Object.hasOwn(assets, name)) return c.notFound()
  const { body, type } = assets[name as keyof typeof assets]
  return c.body(body, 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=31536000, immutable' })
}

function load(name: string, type: string): Asset {
  const body = readFileSync(new URL(`../../public/${name}`, import.meta.url), 'utf8')
  const version = createHash('sha256').update(body).digest('hex').slice(0, 12)
  return { url: `/public/${name}?v=${version}`, type, body }
}
