# ruff: noqa: E501  # regular expressions of a script
"""What is looked for in a page of ours, by a script that only the proof runs in it."""

NOTE_VIOLATIONS = """
addEventListener('securitypolicyviolation', (told) => {
  (window.__told ||= []).push(`${told.violatedDirective} ${told.blockedURI}`)
})
"""

# Handlers, scripts and frames; what htmx would obey; addresses that run or lead elsewhere by
# themselves; forms and names that stand in for ours; pictures and drawings outside of texts.
FIND_STRAYS = r"""() => {
  const strays = []
  const note = (element, why) => strays.push(`${why}: ${element.outerHTML.slice(0, 160)}`)
  const within = (element) => element.closest('.prose, .snippet, mark, h1, h3')
  const ours = (address) => {
    try { return new URL(address, document.baseURI).origin === location.origin } catch { return false }
  }
  if (document.contentType !== 'text/html') {
    const runs = document.querySelectorAll('script, iframe, img')
    return { strays: [...runs].map((e) => `in ${document.contentType}: ${e.outerHTML.slice(0, 99)}`), violations: [] }
  }
  for (const element of document.querySelectorAll('*')) {
    const tag = element.localName
    if (/^(iframe|frame|frameset|object|embed|applet|base|portal|audio|video|source|track|style|marquee|keygen|template|noscript|plaintext|xmp)$/.test(tag)) note(element, 'element')
    if (tag === 'meta' && element.httpEquiv) note(element, 'meta')
    if (tag === 'script') {
      if (element.type === 'application/ld+json') {
        try { JSON.parse(element.textContent) } catch { note(element, 'broken data') }
      } else if (!element.src || !ours(element.src) || element.textContent.trim()) note(element, 'script')
    }
    if (tag === 'link' && /stylesheet|icon|preload|prefetch|preconnect/.test(element.rel) && !ours(element.href)) note(element, 'link')
    if (/^(form|input|select|textarea|button|svg|dialog|label)$/.test(tag) && element.closest('.prose, .snippet')) note(element, 'control')
    if ((tag === 'img' || tag === 'svg') && location.protocol !== 'about:' && !element.closest('.prose, .swatch, .map, .bars, .timeline')) note(element, 'picture')
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) note(element, 'handler')
      if (name === 'style' || name === 'srcdoc' || name === 'ping') note(element, name)
      if (name === 'name' && within(element)) note(element, 'name')
      if (/^(data-)?hx-/i.test(name)) {
        if (within(element) || /^(data-)?hx-on/i.test(name) || /^\s*js:/.test(value)) note(element, 'htmx')
        if (/^(data-)?hx-(get|post|put|patch|delete)$/i.test(name) && !ours(value)) note(element, 'htmx')
      }
      if (/^(href|xlink:href)$/.test(name) && tag !== 'link') {
        const scheme = (() => { try { return new URL(value, document.baseURI).protocol } catch { return 'none:' } })()
        if (!/^(https?|mailto|none|about):$/.test(scheme)) note(element, 'address')
      }
      if (/^(src|action|formaction|data|poster|background|srcset)$/.test(name) && !ours(value) && location.protocol !== 'about:') note(element, 'source')
    }
  }
  for (const id of ['search', 'words', 'results', 'main', 'suggestions', 'status']) {
    if (document.querySelectorAll(`[id="${id}"]`).length > 1) strays.push(`two of #${id}`)
  }
  const violations = window.__told || []
  window.__told = []
  return { strays, violations }
}"""

# Returns the paths of what was not there after a long time.
SHOW = """(paths) => Promise.all(paths.map((path) => new Promise((resolve) => {
  const frame = document.createElement('iframe')
  setTimeout(() => resolve(path), 60_000)
  frame.onload = () => setTimeout(() => resolve(null), 20)
  frame.src = path
  document.body.append(frame)
}))).then((late) => late.filter(Boolean))"""

# Typed as by hand, and waited for: suggestions and the swap are both there.
TYPE = """async (words) => {
  const box = document.getElementById('words')
  const settled = new Promise((resolve) => {
    document.body.addEventListener('htmx:afterSettle', resolve, { once: true })
    setTimeout(resolve, 1500)
  })
  box.focus()
  try { words = decodeURIComponent(words) } catch {}
  box.value = words
  box.dispatchEvent(new Event('input', { bubbles: true }))
  await settled
}"""
