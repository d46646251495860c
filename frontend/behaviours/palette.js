// The command palette: pages and actions filtered here, records found by each room's own address.
import { show } from "./dialog.js"

const palette = document.getElementById("palette")
const input = palette?.querySelector("input")
const none = palette?.querySelector("[data-palette-none]")
let waiting
const fold = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()

const options = () => [...palette.querySelectorAll('[role="option"]')].filter((option) => !option.hidden)

function select(option) {
  for (const other of palette.querySelectorAll('[aria-selected="true"]')) other.setAttribute("aria-selected", "false")
  if (!option) return input.removeAttribute("aria-activedescendant")
  option.id ||= `option-${Math.random().toString(36).slice(2)}`
  option.setAttribute("aria-selected", "true")
  option.scrollIntoView({ block: "nearest" })
  input.setAttribute("aria-activedescendant", option.id)
}

function filter() {
  const words = fold(input.value).split(/\s+/).filter(Boolean)
  for (const option of palette.querySelectorAll("[data-command]")) {
    const label = fold(option.textContent)
    option.hidden = !words.every((word) => label.includes(word))
  }
  for (const group of palette.querySelectorAll("[data-command-group]")) {
    group.hidden = !group.querySelector("[data-command]:not([hidden])")
  }
  select(options()[0])
  none.hidden = true
  clearTimeout(waiting)
  waiting = setTimeout(settle, 600)
}

// Records are found after a while: only when nothing came is it said that nothing fits.
function settle() {
  none.hidden = options().length > 0
}

export function open() {
  if (!palette || palette.open) return
  show(palette)
  input.select()
  filter()
}

if (palette) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault()
      open()
    }
  })
  document.addEventListener("click", ({ target }) => target.closest("[data-palette]") && open())
  input.addEventListener("input", filter)
  palette.addEventListener("htmx:after:swap", () => {
    select(options()[0])
    if (!none.hidden || options().length) settle()
  })
  input.addEventListener("keydown", (event) => {
    const all = options()
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true")
    if (event.key === "Escape") {
      event.preventDefault() // a search field would only empty itself the first time
      palette.close()
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault()
      const step = event.key === "ArrowDown" ? 1 : -1
      select(all[(at + step + all.length) % all.length])
    }
    if (event.key === "Enter" && all[at]) {
      event.preventDefault()
      palette.close()
      all[at].click()
    }
  })
}
