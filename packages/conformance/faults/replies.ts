/** Everything that a server, or an intermediary, can do to a request. */
import { setTimeout as pause } from 'node:timers/promises'

import type { Reply, Turn } from './fault-server.ts'

type Headers = Readonly<Record<string, string | readonly string[]>>
type Body = string | Uint8Array | object

/** A complete response with its `Content-Length`; the connection stays open. An object is sent as JSON. */
export function answer(status: number, body: Body = '', headers: Headers = {}): Reply {
  const bytes = toBytes(body)
  return async (turn) => {
    await write(turn, head(turn, status, { ...length(status, bytes), ...typeOf(body), ...headers }))
    await write(turn, bytes)
  }
}

/** A complete chunked response, with `size` bytes per chunk. */
export function chunked(status: number, body: Body, size: number, headers: Headers = {}): Reply {
  return async (turn) => {
    await write(turn, head(turn, status, { 'Transfer-Encoding': 'chunked', ...typeOf(body), ...headers }))
    await write(turn, toChunks(toBytes(body), size) + '0\r\n\r\n')
  }
}

/** Part of a response, then the end (`'close'`), a reset, or nothing forever (`'stall'`). */
interface Cut {
  /** How many bytes of the body, or of the bytes given, are sent. */
  after: number
  ending: 'close' | 'reset' | 'stall'
  /** In chunks of ten bytes instead of with a `Content-Length`. */
  chunked?: true
  headers?: Headers
}

/** A response whose body ends too early. */
export function cut(status: number, body: Body, { after, ending, chunked, headers = {} }: Cut): Reply {
  const bytes = toBytes(body)
  const framing: Headers = chunked ? { 'Transfer-Encoding': 'chunked' } : length(status, bytes)
  return async (turn) => {
    await write(turn, head(turn, status, { ...framing, ...typeOf(body), ...headers }))
    const part = bytes.subarray(0, after)
    await write(turn, chunked ? toChunks(part, 10) : part)
    await end(turn, ending, true)
  }
}

/** Exactly these bytes, then the end. */
export function bytes(text: string | Uint8Array, ending: Cut['ending'] = 'close'): Reply {
  return async (turn) => {
    await write(turn, typeof text === 'string' ? Buffer.from(text, 'latin1') : text)
    await end(turn, ending, false)
  }
}

/** The connection breaks before the first byte of a response. */
export function reset(): Reply {
  return ({ socket }) => void socket.resetAndDestroy()
}

/** The connection is closed cleanly before the first byte of a response. */
export function hangUp(): Reply {
  return ({ socket }) => void socket.end()
}

/** Never a response; the connection stays open. */
export function silence(): Reply {
  return (turn) => end(turn, 'stall', false)
}

/**
 * A complete response with a pause of `pauseMs` before each of its `pieces`, including its head. With `isTooSlow`, the timeout is over
 * before the last of them.
 */
export function slowly(
  status: number,
  body: Body,
  pieces: number,
  pauseMs: number,
  isTooSlow = false,
): Reply {
  const bytes = toBytes(body)
  return async (turn) => {
    const all = Buffer.concat([
      Buffer.from(head(turn, status, { ...length(status, bytes), ...typeOf(body) })),
      bytes,
    ])
    const size = Math.ceil(all.length / pieces)
    for (let at = 0; at < all.length && !turn.socket.destroyed; at += size) {
      await pause(pauseMs)
      await write(turn, all.subarray(at, at + size))
      if (isTooSlow && at + 2 * size >= all.length) await turn.fallSilent(true)
    }
  }
}

/** An HTTP/1.0 response without a length: it ends when the connection does. */
export function untilClose(status: number, body: Body): Reply {
  return async (turn) => {
    await write(turn, head(turn, status, typeOf(body), 'HTTP/1.0'))
    await write(turn, toBytes(body))
    await end(turn, 'close', true)
  }
}

/** A response of `total` bytes of text in parts of `part` bytes, `pauseMs` apart, until the client stops reading. */
export function flood(
  status: number,
  {
    total,
    part,
    pauseMs,
    onSent,
  }: { total: number; part: number; pauseMs: number; onSent?: (sent: number) => void },
): Reply {
  const filling = Buffer.alloc(part, 'x')
  return async (turn) => {
    await write(turn, head(turn, status, { 'Content-Length': String(total), 'Content-Type': 'text/plain' }))
    for (let sent = 0; sent < total && !turn.socket.destroyed; sent += part) {
      onSent?.(sent)
      await write(turn, filling)
      if (pauseMs > 0) await pause(pauseMs)
    }
  }
}

/** A response followed by the end of the connection, which its headers did not announce. */
export function andHangUp(reply: Reply): Reply {
  return async (turn) => {
    await reply(turn)
    turn.socket.end()
  }
}

function head({ origins }: Turn, status: number, headers: Headers, version = 'HTTP/1.1'): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((text) => `${name}: ${text}`),
  )
  return [`${version} ${status} Status`, ...lines, '', '']
    .join('\r\n')
    .replaceAll('{self}', origins.self)
    .replaceAll('{elsewhere}', origins.elsewhere)
}

/** RFC 9110, section 8.6: no length with a 204, and none of a body with a 304. */
function length(status: number, body: Uint8Array): Headers {
  return status === 204 || status === 304 ? {} : { 'Content-Length': String(body.length) }
}

function typeOf(body: Body): Headers {
  if (body instanceof Uint8Array || typeof body === 'string') return {}
  return { 'Content-Type': 'application/json; charset=utf-8' }
}

function toBytes(body: Body): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body)
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

function toChunks(body: Buffer, size: number): string {
  let text = ''
  for (let at = 0; at < body.length; at += size) {
    const part = body.subarray(at, at + size)
    text += `${part.length.toString(16)}\r\n${part.toString('latin1')}\r\n`
  }
  return text
}

/** Resolves when the bytes have left, or the connection has ended. */
async function write({ socket, request }: Turn, data: string | Uint8Array): Promise<void> {
  if (socket.destroyed || data.length === 0) return
  const taken = new Promise<void>((resolve) => void socket.write(data, 'latin1', () => resolve()))
  await Promise.race([taken, request.closed])
}

async function end({ socket, fallSilent }: Turn, how: Cut['ending'], isResponding: boolean): Promise<void> {
  // The written data must arrive before a reset, which may overtake it.
  if (how !== 'close') await pause(5)
  if (how === 'close') socket.end()
  if (how === 'reset') socket.resetAndDestroy()
  if (how === 'stall') {
    await fallSilent(isResponding)
    await new Promise(() => {})
  }
}
