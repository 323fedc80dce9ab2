// The browser part of a page; without it, everything works except live updates.

showLocalTimes(document)
/** Whether the visitor asked for a notification when what the page shows has ended. */
let isAwaited = false

prepareUpload()
prepareNotification()
applyAtOnce()
const { shows, position } = document.body.dataset
if (shows !== undefined && position !== undefined) stayLive(shows, position)

/**
 * Shows times in the visitor's time zone; the server knows only UTC.
 *
 * @param {ParentNode} root
 */
function showLocalTimes(root) {
  const { lang } = document.documentElement
  const format = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' })
  for (const time of root.querySelectorAll('time')) time.textContent = format.format(new Date(time.dateTime))
}

/** Applies a chosen language or theme at once. */
function applyAtOnce() {
  const form = document.querySelector('#preferences')
  if (form instanceof HTMLFormElement) form.addEventListener('change', () => form.requestSubmit())
}

/** The form of a new upload: a file can be dropped anywhere on its field, is checked, and is sent with a progress display. */
function prepareUpload() {
  const form = document.querySelector('#upload')
  const area = form?.querySelector('[data-drop]')
  const input = form?.querySelector('input[type=file]')
  if (!(form instanceof HTMLFormElement) || !(input instanceof HTMLInputElement)) return
  if (area instanceof HTMLElement) acceptDrops(area, input)
  input.addEventListener('change', () => {
    const isTooLarge = (input.files?.[0]?.size ?? 0) > Number(input.dataset['maxBytes'])
    input.setCustomValidity(isTooLarge ? (input.dataset['tooLarge'] ?? '') : '')
    input.reportValidity()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send(form)
  })
}

/** The button that asks for a notification; browsers show their question only after a click. */
function prepareNotification() {
  const area = document.getElementById('notify')
  const button = area?.querySelector('button')
  const status = area?.querySelector('[role=status]')
  if (!area || !button || !status || !('Notification' in window)) return
  area.hidden = false
  const ask = async () => {
    isAwaited = (await Notification.requestPermission()) === 'granted' && notify(area.dataset['on'])
    status.textContent = (isAwaited ? area.dataset['on'] : area.dataset['blocked']) ?? ''
    button.hidden = isAwaited
  }
  button.addEventListener('click', () => void ask())
}

/**
 * Shows a notification about this page, in place of an earlier one. Returns whether the browser can.
 *
 * @param {string | undefined} body
 */
function notify(body = '') {
  try {
    const { lang } = document.documentElement
    const notification = new Notification(document.title, { body, lang, tag: location.pathname })
    notification.addEventListener('click', () => {
      window.focus()
      notification.close()
    })
    return true
  } catch {
    // Some browsers on phones show only those of an installed app.
    return false
  }
}

/** Tells a visitor who waits for it, and looks at something else, that what the page shows has ended. */
function tellEnd() {
  const ended = document.querySelector('[data-ended]')
  if (!(ended instanceof HTMLElement)) return
  document.getElementById('notify')?.remove()
  if (isAwaited && document.hidden) notify(ended.dataset['announce'])
  isAwaited = false
}

/**
 * @param {HTMLElement} area
 * @param {HTMLInputElement} input
 */
function acceptDrops(area, input) {
  for (const type of ['dragover', 'dragleave', 'drop']) {
    area.addEventListener(type, (event) => {
      event.preventDefault()
      area.classList.toggle('over', type === 'dragover')
    })
  }
  area.addEventListener('drop', ({ dataTransfer }) => {
    if (!dataTransfer?.files.length) return
    input.files = dataTransfer.files
    input.dispatchEvent(new Event('change'))
  })
}

/**
 * Sends the form as the browser would, and shows how much has been sent, which only this kind of request reports.
 *
 * @param {HTMLFormElement} form
 */
function send(form) {
  const status = element('sending')
  const [text, bar] = [element('sending-text'), status.querySelector('progress')]
  const button = form.querySelector('button')
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' })
  /** @param {number} share */
  const show = (share) => {
    if (bar) bar.value = share
    text.textContent = (status.dataset['text'] ?? '').replace('{percent}', percent.format(share))
  }
  const request = new XMLHttpRequest()
  request.upload.addEventListener('progress', ({ loaded, total }) => show(total > 0 ? loaded / total : 0))
  const fail = () => {
    text.textContent = status.dataset['failed'] ?? ''
    if (button) button.disabled = false
  }
  request.addEventListener('error', fail)
  request.addEventListener('load', () => {
    if (request.status < 400) return location.assign(request.responseURL)
    const fresh = new DOMParser().parseFromString(request.responseText, 'text/html')
    const main = fresh.getElementById('main')
    // A proxy responded.
    if (!main) return fail()
    document.title = fresh.title
    element('main').replaceWith(document.adoptNode(main))
    prepareUpload()
    const wrong = document.querySelector('[aria-invalid=true]')
    if (wrong instanceof HTMLElement) wrong.focus()
    else main.focus()
  })
  status.hidden = false
  if (button) button.disabled = true
  show(0)
  request.open('POST', form.action)
  request.send(new FormData(form))
}

/**
 * Fetches the page again when something that it shows has changed, and replaces its live parts.
 *
 * @param {string} shows The IDs of what is shown, or `all`.
 * @param {string} from The position of the newest event that the page has.
 */
function stayLive(shows, from) {
  const connection = element('connection')
  let position = from
  let isDue = false
  let isReading = false
  /** @type {EventSource | undefined} */
  let events

  // A browser opens only a few connections to one server: hidden pages leave them to visible ones, unless somebody waits for them.
  document.addEventListener('visibilitychange', connect)
  connect()

  function connect() {
    events?.close()
    events = undefined
    if (document.hidden && !isAwaited) return
    const current = (events = new EventSource(`/events?${new URLSearchParams({ after: position })}`))
    current.addEventListener('open', () => showConnection(connection.dataset['open'], true))
    current.addEventListener('change', ({ data, lastEventId }) => {
      position = lastEventId
      const ids = /** @type {string[] | 'all'} */ (JSON.parse(data))
      if (shows === 'all' || ids === 'all' || ids.some((id) => shows.includes(id))) void refresh()
    })
    current.addEventListener('error', () => {
      if (current.readyState !== EventSource.CLOSED) return showConnection(connection.dataset['lost'], false)
      // The server refused: the browser does not retry by itself. Whoever has been signed out is led to the sign-in.
      void refresh()
      showConnection(connection.dataset['refused'], false)
      setTimeout(() => current === events && connect(), 30_000)
    })
  }

  /**
   * @param {string | undefined} text
   * @param {boolean} isLive
   */
  function showConnection(text, isLive) {
    if (connection.textContent !== text) connection.textContent = text ?? ''
    connection.classList.toggle('lost', !isLive)
  }

  async function refresh() {
    isDue = true
    if (isReading) return
    isReading = true
    while (isDue) {
      isDue = false
      try {
        const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
        if (answer.redirected) return location.reload()
        if (answer.ok) replaceLiveParts(new DOMParser().parseFromString(await answer.text(), 'text/html'))
      } catch {
        // The stream is lost too and reports that; missed changes arrive when it is back.
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
    isReading = false
    if (document.hidden && !isAwaited) connect()
  }
}

/** @param {Document} fresh */
function replaceLiveParts(fresh) {
  const focused = document.activeElement?.id
  const open = new Set([...document.querySelectorAll('details[open]')].map(({ id }) => id))
  for (const part of document.querySelectorAll('[data-live]')) {
    const other = fresh.getElementById(part.id)
    if (!other || part.innerHTML === other.innerHTML) continue
    showLocalTimes(other)
    if (part.innerHTML === other.innerHTML) continue
    for (const details of other.querySelectorAll('details'))
      details.open = details.id !== '' && open.has(details.id)
    part.replaceWith(document.adoptNode(other))
    announce(other.dataset['announce'])
  }
  tellEnd()
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus()
}

let lastAnnounced = -Infinity
/** @type {ReturnType<typeof setTimeout> | undefined} */
let announcesLater

/**
 * Announces a text to screen readers, no more often than people can listen.
 *
 * @param {string | undefined} text
 */
function announce(text) {
  if (text === undefined) return
  clearTimeout(announcesLater)
  announcesLater = setTimeout(
    () => {
      lastAnnounced = performance.now()
      element('announcement').textContent = text
    },
    Math.max(0, lastAnnounced + 8_000 - performance.now()),
  )
}

/** @param {string} id */
function element(id) {
  const found = document.getElementById(id)
  if (!found) throw new Error(`The page has no #${id}.`)
  return found
}
