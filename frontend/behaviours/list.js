// Lists: j and k move, Enter opens, x selects; a record page remembers the list you came from.
import { pressed } from "./shortcuts.js"

const memory = "akrab.list"
const place = "akrab.list.place"
const rows = () => [...document.querySelectorAll("[data-list] [data-row]")]
const link = (row) => row.querySelector("a[data-open]") ?? row.querySelector("a[href]")

function current() {
  const focused = document.activeElement?.closest?.("[data-row]")
  return focused ?? document.querySelector('[data-row][aria-selected="true"]')
}

function move(step) {
  const all = rows()
  const at = all.indexOf(current())
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)]
  if (!next) return
  for (const row of all) row.setAttribute("aria-selected", String(row === next))
  link(next)?.focus({ preventScroll: true })
  next.scrollIntoView({ block: "nearest" })
}

function neighbor(step) {
  const trail = JSON.parse(sessionStorage.getItem(memory) ?? "[]")
  const at = trail.indexOf(location.pathname)
  const next = at < 0 ? null : trail[at + step]
  if (next) location.assign(next)
}

addEventListener("click", ({ target }) => {
  if (!target.closest?.("[data-list] a[href]")) return
  const trail = rows().map((row) => link(row)?.pathname).filter(Boolean)
  sessionStorage.setItem(memory, JSON.stringify(trail))
  sessionStorage.setItem(place, location.pathname + location.search)
})

// Back to the list as it was, when the record was opened from it.
const back = document.querySelector("a[data-back-to-list]")
const from = sessionStorage.getItem(place) ?? ""
if (back && from.split("?")[0] === back.pathname && JSON.parse(sessionStorage.getItem(memory) ?? "[]").includes(location.pathname)) {
  back.href = from
}

document.addEventListener("keydown", (event) => {
  const key = pressed(event)
  if (!key) return
  const onRecord = document.querySelector("[data-record]")
  if (onRecord && !document.querySelector("[data-list]:focus-within")) {
    if (key === "j" || key === "]") neighbor(1)
    if (key === "k" || key === "[") neighbor(-1)
    return
  }
  if (key === "j") move(1)
  if (key === "k") move(-1)
  if (key === "e") current()?.querySelector("[data-edit]")?.click()
  if (key === "x") current()?.querySelector('input[type="checkbox"]')?.click()
})
