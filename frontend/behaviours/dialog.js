// Dialogs: open by data-opens, close by data-closes, load a page's content into the sheet by data-sheet.
const openers = new WeakMap()

export function show(dialog, opener = document.activeElement) {
  if (!dialog || dialog.open) return
  openers.set(dialog, opener)
  dialog.showModal()
}

async function load(link) {
  const sheet = document.getElementById("sheet")
  sheet.querySelector("[data-sheet-title]").textContent = link.dataset.sheet || link.textContent.trim()
  await htmx.ajax("GET", link.href, { target: "#sheet-content", swap: "innerHTML", source: link })
  show(sheet, link)
  sheet.querySelector("#sheet-content :is(input:not([type=hidden]), select, textarea)")?.focus()
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]")
  if (opener) {
    event.preventDefault()
    return show(document.getElementById(opener.dataset.opens), opener)
  }
  const link = event.target.closest("a[data-sheet]")
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault()
    return load(link)
  }
  if (event.target.closest("[data-closes]") || event.target.matches("dialog.sheet")) {
    event.target.closest("dialog")?.close()
  }
})

document.addEventListener(
  "close",
  ({ target }) => {
    const opener = openers.get(target)
    const again = opener?.isConnected ? opener : opener?.id && document.getElementById(opener.id)
    again?.focus?.()
  },
  true,
)

// A change that was accepted closes the dialog it was made in; a refused form stays open.
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const accepted = ctx.response?.status < 400 && ctx.request.method !== "GET"
  if (accepted) ctx.sourceElement.closest?.("dialog")?.close()
})
