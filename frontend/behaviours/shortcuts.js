// Keyboard shortcuts: any element may carry data-key="c" or data-key="g c"; "?" lists them.
import { show } from "./dialog.js"

const patience = 900
let first = ""
let since = 0

const enabled = () => document.body.dataset.shortcuts !== "off"
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]")
const visible = (element) => element.checkVisibility?.() ?? true

export function pressed(event) {
  if (!enabled() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return null
  if (document.querySelector("dialog[open]")) return null
  return event.key
}

function find(keys) {
  const wanted = `[data-key="${CSS.escape(keys)}"]`
  const row = document.activeElement?.closest?.("[data-row]") ?? document.querySelector('[data-row][aria-selected="true"]')
  const all = [...(row?.querySelectorAll(wanted) ?? []), ...document.querySelectorAll(wanted)]
  return all.find(visible) ?? all[0]
}

function use(element) {
  if (element.matches("input, textarea, select")) return element.focus()
  if (element.matches("details")) return element.querySelector("summary").click()
  element.click()
}

document.addEventListener("keydown", (event) => {
  const key = pressed(event)
  if (!key || key.length > 1) return
  const recent = event.timeStamp - since < patience
  const match = (recent && first && find(`${first} ${key}`)) || find(key)
  first = key
  since = event.timeStamp
  if (!match) return
  event.preventDefault()
  first = ""
  use(match)
})

function row(keys, label) {
  const line = document.createElement("div")
  line.className = "flex items-center justify-between gap-4 py-1"
  const words = document.createElement("span")
  words.textContent = label
  const hints = document.createElement("span")
  hints.className = "flex gap-1"
  for (const key of keys.split(" ")) {
    const hint = document.createElement("kbd")
    hint.className = "kbd-hint"
    hint.textContent = key
    hints.append(hint)
  }
  line.append(words, hints)
  return line
}

document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-shortcut-sheet]")
  if (!opener) return
  const sheet = document.getElementById("shortcuts")
  const seen = new Set()
  const here = sheet.querySelector("[data-shortcuts-here]")
  here.replaceChildren()
  for (const element of document.querySelectorAll("[data-key]")) {
    const keys = element.dataset.key
    if (element.matches("[data-palette], [data-shortcut-sheet]") || seen.has(keys)) continue // the sheet itself says these
    seen.add(keys)
    here.append(row(keys, element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? element.textContent.trim()))
  }
  show(sheet, opener)
})
