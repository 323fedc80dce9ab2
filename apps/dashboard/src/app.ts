/** The dashboard: every route, and what handles it. Runs wherever Hono and the tracker do. */
import type { PartnerCenterOptions } from '@devicebatch/client'
import { createPartnerCenter } from '@devicebatch/client'
import type { Tracker } from '@devicebatch/tracker'
import { Hono } from 'hono'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { csrf } from 'hono/csrf'
import { secureHeaders } from 'hono/secure-headers'

import type { Check, DeviceFile } from './checks.ts'
import { createKept } from './checks.ts'
import { createCustomerNames } from './customer-names.ts'
import { logRefusal } from './http/address.ts'
import { sendAsset } from './http/assets.ts'
import { maxFileBytes, maxFormBytes } from './http/limits.ts'
import { logRequest } from './http/log-request.ts'
import { isLoopback } from './http/loopback.ts'
import { choosePreferences, findPreferences } from './http/preferences.ts'
import { createLive } from './live.ts'
import type { Log } from './log.ts'
import { logToConsole } from './log.ts'
import { operationsPage } from './operations/page.ts'
import { createProbes } from './operations/probes.ts'
import { checkFile, checkPage, confirmUpload, problemsFile } from './pages/check.ts'
import { errorPage, failedPage, notFoundPage, tooLargePage } from './pages/errors.ts'
import { streamEvents } from './pages/events.ts'
import { newUploadPage } from './pages/new-upload.ts'
import { continueUploads, pauseUploads } from './pages/pause.ts'
import { searchPage } from './pages/search.ts'
import { signInPage } from './pages/sign-in/sign-in.ts'
import { statisticsPage } from './pages/statistics.ts'
import { cancelSubmission, resumeSubmission, retrySubmission, submissionPage } from './pages/submission.ts'
import { resultsFile, trackAgain, uploadPage } from './pages/upload.ts'
import { uploadsPage } from './pages/uploads.ts'
import { createFailedAttempts } from './sign-in/failed-attempts.ts'
import type { OpenIdSettings } from './sign-in/openid-provider.ts'
import { createOpenIdProvider } from './sign-in/openid-provider.ts'
import { finishSignIn, startSignIn } from './sign-in/openid-sign-in.ts'
import { createPendingSignIns } from './sign-in/pending-sign-ins.ts'
import { findSession, requireOperator, requireSession, signOut } from './sign-in/session.ts'
import { createSessions } from './sign-in/sessions.ts'
import { signInWithToken } from './sign-in/token-sign-in.ts'
import type { Services, SignIn, Site } from './site.ts'

/** The options of the dashboard. */
export interface DashboardOptions {
  /** The tracker to show and to submit to. Its worker may run in this process or elsewhere. */
  tracker: Tracker
  /** The access to Partner Center; the same as the tracker's. */
  partner: PartnerCenterOptions
  /** The token to sign in with. Without it nobody has to, so omit it only where nobody else can reach the dashboard. */
  token?: string | undefined
  /** The OpenID provider to sign in at, instead of the token. */
  openId?: OpenIdSettings | undefined
  /** The URL that people see, if the dashboard is behind a proxy. Default: that of the request. */
  publicUrl?: string | undefined
  /** The token with which `/metrics` can be read. Without it, there are none. */
  metricsToken?: string | undefined
  /** Whether everything goes to the emulator; then every page says so. Default false. */
  emulated?: boolean | undefined
  /** Where requests, warnings and errors go. Default: one line of JSON each, to standard error. */
  log?: Log | undefined
}

/** The dashboard, ready to be served. */
export interface Dashboard {
  fetch: Hono<Site>['fetch']
  /** Says that it is not ready anymore, and ends the event streams; pages are still served. */
  drain(): void
  /** Ends its background reads, not the tracker. */
  close(): void
}

/** Creates the dashboard. */
export function createDashboard(options: DashboardOptions): Dashboard {
  const { tracker, partner, metricsToken, publicUrl, emulated = false, log = logToConsole } = options
  const live = createLive(tracker, log)
  const partnerCenter = createPartnerCenter(partner)
  const names = createCustomerNames(tracker, partnerCenter)
  const services: Services = {
    tracker,
    partner: partnerCenter,
    checks: createKept<Check>(),
    files: createKept<DeviceFile>(),
    names,
    live,
    log,
    sessions: createSessions(),
    failedAttempts: createFailedAttempts(),
    isSecure: publicUrl !== undefined && new URL(publicUrl).protocol === 'https:',
    isBehindProxy: publicUrl !== undefined,
    signIn: signInOf(options),
    pendingSignIns: createPendingSignIns(),
    emulated,
  }
  const probes = createProbes({ tracker, metricsToken, log })
  const app = new Hono<Site>()

  // Before everything else: they need no session, language or host name.
  app.route('/', probes.routes)
  app.use(async (c, next) => {
    c.set('services', services)
    await next()
  })
  app.use(logRequest)
  app.use(findPreferences)
  app.use(findSession)
  app.use(keepFromCaches)
  app.use(secureHeaders(headers))
  app.use(compress())
  app.use(rightHost)
  app.use(formsOnly)
  app.use(csrf(publicUrl === undefined ? {} : { origin: new URL(publicUrl).origin }))
  app.use(requireSession)
  app.use(requireOperator)
  // Before the next check: Microsoft Entra describes an error in several lines.
  app.get('/sign-in/callback', finishSignIn)
  app.use(readableAddress)
  app.use((c, next) => (c.req.path === '/uploads/check' ? fileBody : smallBody)(c, next))

  app.get('/public/:name', sendAsset)
  app.get('/events', streamEvents)
  app.post('/preferences', choosePreferences)
  app.get('/sign-in', (c) => signInPage(c))
  app.post('/sign-in', signInWithToken)
  app.get('/sign-in/start', startSignIn)
  app.post('/sign-out', signOut)

  app.get('/', rememberPosition, uploadsPage)
  app.get('/uploads/new', (c) => newUploadPage(c))
  app.post('/uploads/check', checkFile)
  app.get('/uploads/check/:id', (c) => checkPage(c))
  app.get('/uploads/check/:id/rows-not-sent.csv', problemsFile)
  app.post('/uploads/check/:id', confirmUpload)
  app.get('/submissions/:id', rememberPosition, submissionPage)
  app.post('/pause', pauseUploads)
  app.post('/continue', continueUploads)
  app.post('/submissions/:id/resume', resumeSubmission)
  app.post('/submissions/:id/retry', retrySubmission)
  app.post('/submissions/:id/cancel', cancelSubmission)
  app.get('/customers/:customerId/uploads/:id', rememberPosition, uploadPage)
  app.get('/customers/:customerId/uploads/:id/results.csv', resultsFile)
  app.post('/customers/:customerId/uploads/:id/track', trackAgain)
  app.get('/statistics', rememberPosition, statisticsPage)
  app.get('/search', searchPage)
  app.get('/operations', rememberPosition, operationsPage)

  app.notFound(notFoundPage)
  app.onError(failedPage)
  return {
    fetch: app.fetch,
    drain() {
      probes.stop()
      live.close()
    },
    close() {
      live.close()
      names.close()
    },
  }
}

function signInOf({ token, openId }: DashboardOptions): SignIn | undefined {
  if (openId) return { kind: 'openid', provider: createOpenIdProvider(openId) }
  return token === undefined ? undefined : { kind: 'token', token }
}

const headers: Parameters<typeof secureHeaders>[0] = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  // Strict-Transport-Security applies to the whole host name, so it is up to the TLS proxy.
  strictTransportSecurity: false,
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
}

/** Responses must not be cached, except for assets. */
const keepFromCaches: MiddlewareHandler<Site> = async (c, next) => {
  await next()
  if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store')
}

/** Everything that changes something is a form, and `csrf` checks the origin of forms only. */
const formsOnly: MiddlewareHandler<Site> = async (c, next) => {
  const type = c.req.header('Content-Type') ?? ''
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain|$)/i.test(type)
  if (isForm || ['GET', 'HEAD'].includes(c.req.method)) return await next()
  logRefusal(c, 'request refused: it cannot be read', 'It is not a form.')
  return await errorPage(c, 'badRequest', 'Only forms are accepted.')
}

/** No ID, filter or serial number has a control character, and PostgreSQL does not accept NUL. */
const readableAddress: MiddlewareHandler<Site> = async (c, next) => {
  const { pathname, search } = new URL(c.req.url)
  if (!/%[01][\da-f]|%7f/i.test(pathname + search)) return await next()
  logRefusal(c, 'request refused: it cannot be read', 'The address has control characters.')
  return await errorPage(c, 'badRequest', 'The address has control characters.')
}

/** A page is never older than this position. */
const rememberPosition: MiddlewareHandler<Site> = async (c, next) => {
  c.set('position', await c.var.services.tracker.lastPosition())
  await next()
}

/** Without a sign-in, only this machine has access, under its own name: no other site's name may lead here. */
const rightHost: MiddlewareHandler<Site> = async (c, next) => {
  const { hostname } = new URL(c.req.url)
  if (c.var.services.signIn !== undefined || isLoopback(hostname)) return await next()
  logRefusal(c, 'refused: a name that is not of this machine')
  return c.text('Misdirected request', 421)
}

function limitBody(maxSize: number): MiddlewareHandler<Site> {
  return bodyLimit({ maxSize, onError: tooLargePage })
}

const [fileBody, smallBody] = [limitBody(maxFileBytes + maxFormBytes), limitBody(maxFormBytes)]
