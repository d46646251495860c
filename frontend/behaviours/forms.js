// Forms: sent once, saved with Ctrl+Enter, guarded while unsaved, sent on change where asked.
import { text } from "./texts.js"

const dirty = new Set()

document.addEventListener("submit", (event) => {
  const form = event.target
  dirty.delete(form)
  if (event.defaultPrevented || form.method === "dialog" || form.method === "get") return
  if (form.dataset.sent) return event.preventDefault()
  form.dataset.sent = "yes"
  form.setAttribute("aria-busy", "true")
})

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent
})

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return
  event.target.form?.requestSubmit()
})

document.addEventListener("input", ({ target }) => {
  if (target.form?.matches("[data-guard]")) dirty.add(target.form)
})

// A new value chooses its own radio button.
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => {
    const radio = target.type === "radio" ? null : target.closest?.("[data-chooses]")?.querySelector("input[type=radio]")
    if (radio) radio.checked = true
  })
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-autosubmit]")) target.form.requestSubmit()
})

document.addEventListener("htmx:before:request", ({ detail }) => dirty.delete(detail.ctx.sourceElement))

addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault()
})

document.addEventListener("htmx:confirm", (event) => {
  const { ctx, issueRequest, dropRequest } = event.detail
  const sheet = document.getElementById("confirm")
  if (!ctx.confirm || !sheet) return
  event.preventDefault()
  sheet.querySelector("[data-question]").textContent = ctx.confirm
  sheet.querySelector("[data-yes]").textContent = ctx.sourceElement.dataset.confirmLabel ?? text("continue")
  sheet.returnValue = ""
  sheet.addEventListener("close", () => (sheet.returnValue === "yes" ? issueRequest() : dropRequest()), { once: true })
  sheet.showModal()
})
