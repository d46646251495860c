// Naming a colleague: in a textarea with data-mention="address", "@" and some letters offer people from the server.
const pattern = /(^|\s)@([\p{L}\d.'-]{1,30})$/u
let list = null
let asked = 0

function close() {
  list?.remove()
  list = null
}

function place(area, html) {
  close()
  if (!html.trim()) return
  list = document.createElement("div")
  list.className = "mention-list"
  list.setAttribute("role", "listbox")
  list.innerHTML = html
  area.after(list)
  list.querySelector("[data-person]")?.setAttribute("aria-selected", "true")
}

function take(area, option) {
  const before = area.value.slice(0, area.selectionStart).replace(pattern, `$1@${option.dataset.name} `)
  area.setRangeText(before, 0, area.selectionStart, "end")
  const named = area.closest("form").querySelector("[data-named]")
  if (named && !named.querySelector(`[value="${CSS.escape(option.dataset.person)}"]`)) {
    const label = document.createElement("label")
    label.className = "chip"
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "mentioned", value: option.dataset.person })
    box.className = "checkbox checkbox-xs"
    box.checked = true
    label.append(box, `@${option.dataset.name}`)
    named.append(label)
  }
  close()
  area.focus()
  area.dispatchEvent(new Event("input", { bubbles: true }))
}

document.addEventListener("input", async ({ target }) => {
  if (!target.matches?.("textarea[data-mention]")) return
  const found = target.value.slice(0, target.selectionStart).match(pattern)
  if (!found) return close()
  const turn = ++asked
  const address = `${target.dataset.mention}&person_words=${encodeURIComponent(found[2])}`
  const answer = await fetch(address, { headers: { "HX-Request": "true" } })
  if (turn === asked && answer.ok) place(target, await answer.text())
})

document.addEventListener("keydown", (event) => {
  if (!list || !event.target.matches("textarea[data-mention]")) return
  const options = [...list.querySelectorAll("[data-person]")]
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true")
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (event.key === "Escape") close()
  else if (event.key === "Enter" || event.key === "Tab") take(event.target, options[at])
  else if (step) options.forEach((one, index) => one.setAttribute("aria-selected", String(index === (at + step + options.length) % options.length)))
  else return
  event.preventDefault()
  event.stopPropagation()
})

document.addEventListener("click", ({ target }) => {
  const option = target.closest?.("[data-person]")
  if (option && list?.contains(option)) return take(list.previousElementSibling, option)
  if (!list?.contains(target)) close()
})

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-file-names]")) return
  const names = target.form.querySelector("[data-names]")
  if (names) names.textContent = [...target.files].map((file) => file.name).join(", ")
})
