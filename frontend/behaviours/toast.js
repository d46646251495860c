// Toasts: from the server with the page, by an "akrab:toast" event, or by say().
import { text } from "./texts.js"

const shelf = document.getElementById("toasts")

function expire(toast) {
  const life = toast.querySelector("form, a") ? 10000 : 6000
  let timer = setTimeout(() => toast.remove(), life)
  toast.addEventListener("pointerenter", () => clearTimeout(timer))
  toast.addEventListener("pointerleave", () => (timer = setTimeout(() => toast.remove(), 2500)))
}

export function say(message, tone = "info", undo = "", again = false) {
  if (!shelf) return
  const toast = document.getElementById("toast-shape").content.firstElementChild.cloneNode(true)
  toast.classList.add(`tone-${tone}`)
  toast.querySelector("[data-message]").textContent = message
  const form = toast.querySelector("[data-undo]")
  if (undo) {
    form.action = undo
    if (again) form.querySelector("button").textContent = text("again")
    form.elements.back.value = location.pathname + location.search
  } else form?.remove()
  shelf.append(toast)
}

if (shelf) {
  shelf.querySelectorAll("[data-toast]").forEach(expire)
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node.matches?.("[data-toast]")) expire(node)
    }
  }).observe(shelf, { childList: true })
  shelf.addEventListener("click", ({ target }) => {
    if (target.closest("[data-dismiss]")) target.closest("[data-toast]").remove()
  })
  // The next change makes the news of the one before old.
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.request.method === "GET" || ctx.sourceElement.closest?.("[data-toast]")) return
    for (const toast of shelf.querySelectorAll("[data-toast]")) toast.remove()
  })
  // The undo of a toast was taken: the toast has said what it had to say.
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (ctx.response?.status < 400) ctx.sourceElement.closest?.("[data-toast]")?.remove()
  })
}

document.body.addEventListener("akrab:toast", ({ detail }) => say(detail.message, detail.tone, detail.undo, detail.again))
document.addEventListener("htmx:error", ({ detail }) => {
  if (detail.ctx) say(text("unreachable"), "danger")
})
