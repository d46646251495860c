// Choosing rows: boxes, Shift for a range, all of the page, all that match; Escape chooses none.
import { pressed } from "./shortcuts.js"

let anchor = null
const bar = () => document.querySelector("[data-pick-bar]")
const boxes = () => [...document.querySelectorAll("[data-list] [data-pick]")]

function show() {
  const form = bar()
  if (!form) return
  const all = form.querySelector("[data-pick-all]")
  const picked = boxes().filter((box) => box.checked)
  const label = form.querySelector("[data-pick-count]")
  const { one, many } = label.dataset
  label.textContent = all.checked ? label.dataset.all : picked.length === 1 ? one : many.replace("{n}", picked.length)
  form.toggleAttribute("data-open", all.checked || picked.length > 0)
  form.querySelector("[data-pick-none]").hidden = false
  const page = document.querySelector("[data-pick-page]")
  if (page) {
    page.checked = picked.length > 0 && picked.length === boxes().length
    page.indeterminate = picked.length > 0 && !page.checked
  }
}

function none() {
  const all = bar()?.querySelector("[data-pick-all]")
  if (all) all.checked = false
  for (const box of boxes()) box.checked = false
  show()
}

document.addEventListener("click", (event) => {
  const { target, shiftKey } = event
  if (target.closest?.("[data-pick-none]")) return none()
  if (!target.matches?.("[data-pick]")) return
  const all = boxes()
  const from = all.indexOf(anchor)
  if (shiftKey && from >= 0) {
    const to = all.indexOf(target)
    for (const box of all.slice(Math.min(from, to), Math.max(from, to) + 1)) box.checked = target.checked
  }
  anchor = target
})

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-pick-page]")) for (const box of boxes()) box.checked = target.checked
  if (target.matches("[data-pick], [data-pick-page], [data-pick-all]")) show()
})

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && bar()?.hasAttribute("data-open") && !document.querySelector("dialog[open]")) none()
  if (pressed(event) === "X" && anchor) {
    const box = document.activeElement?.closest?.("[data-row]")?.querySelector("[data-pick]")
    box?.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: true }))
  }
})

document.addEventListener("htmx:after:swap", show)
addEventListener("pageshow", show)
