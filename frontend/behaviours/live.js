// Live events: one stream per visible page; each message becomes a DOM event of that name on the body.
const address = document.body.dataset.live
let stream = null
let wait = 1000
let timer = null
let missed = false

function announce(name, detail) {
  document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }))
}

function open() {
  if (stream || document.hidden) return
  clearTimeout(timer)
  stream = new EventSource(address)
  stream.onopen = () => (wait = 1000)
  stream.addEventListener("listening", () => {
    document.documentElement.dataset.liveState = "open"
    if (missed) announce("live.resumed", {})
    missed = false
  })
  stream.onmessage = ({ data }) => {
    const { topic, payload } = JSON.parse(data)
    announce(topic, payload)
  }
  stream.onerror = () => {
    missed = true
    if (stream?.readyState !== EventSource.CLOSED) return
    close()
    timer = setTimeout(open, wait * (0.5 + Math.random()))
    wait = Math.min(wait * 2, 60000)
  }
}

function close() {
  stream?.close()
  stream = null
  document.documentElement.dataset.liveState = "closed"
}

// A hidden tab gives its connection back: browsers allow only six per host.
if (address) {
  open()
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return open()
    missed = true
    close()
  })
  addEventListener("pagehide", close)
  addEventListener("pageshow", ({ persisted }) => persisted && open())
}
