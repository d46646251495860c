// A drop zone: a form with one file input; drag or choose, see progress, land where the server says.
import { text } from "./texts.js"
import { say } from "./toast.js"

function refused(form, answer) {
  const page = new DOMParser().parseFromString(answer.responseText, "text/html")
  const again = form.id && page.getElementById(form.id)
  if (again) {
    form.replaceWith(again)
    return htmx.process(again)
  }
  say(page.querySelector("[data-problem]")?.textContent.trim() || text("unreachable"), "danger")
}

function send(form) {
  const bar = form.querySelector("progress")
  const share = form.querySelector("[data-share]")
  const answer = new XMLHttpRequest()
  const finish = () => {
    form.removeAttribute("aria-busy")
    if (bar) bar.hidden = true
    if (share) share.textContent = ""
  }
  answer.upload.onprogress = ({ loaded, total }) => {
    if (bar) bar.value = loaded / total
    if (share) share.textContent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(loaded / total)
  }
  answer.onload = () => {
    finish()
    if (answer.status < 400) location.assign(answer.responseURL)
    else refused(form, answer)
  }
  answer.onerror = () => {
    finish()
    say(text("unreachable"), "danger")
  }
  form.setAttribute("aria-busy", "true")
  if (bar) bar.hidden = false
  answer.open("POST", form.action)
  answer.send(new FormData(form))
}

const zoneOf = (event) => event.target.closest?.("[data-drop]")

document.addEventListener("dragover", (event) => {
  const zone = zoneOf(event)
  if (!zone) return
  event.preventDefault()
  zone.dataset.over = "yes"
})

document.addEventListener("dragleave", (event) => delete zoneOf(event)?.dataset.over)

document.addEventListener("drop", (event) => {
  const zone = zoneOf(event)
  if (!zone) return
  event.preventDefault()
  delete zone.dataset.over
  const input = zone.querySelector('input[type="file"]')
  input.files = event.dataTransfer.files
  input.dispatchEvent(new Event("change", { bubbles: true }))
})

document.addEventListener("change", ({ target }) => {
  if (!target.matches('[data-drop] input[type="file"]') || !target.files.length) return
  const name = target.closest("[data-drop]").querySelector("[data-file-name]")
  if (name) name.textContent = [...target.files].map((file) => file.name).join(", ")
  if (target.form.matches("[data-upload=at-once]")) target.form.requestSubmit()
})

document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.matches("form[data-upload]")) return
    event.preventDefault()
    send(event.target)
  },
  true,
)
