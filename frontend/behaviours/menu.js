// Menus are <details class="menu-pop">: close outside and on Escape, move with the arrow keys.
const openMenus = () => document.querySelectorAll("details.menu-pop[open]")

document.addEventListener("click", ({ target }) => {
  for (const menu of openMenus()) {
    if (!menu.contains(target) || target.closest("a.menu-item, [data-opens]")) menu.open = false
  }
})

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu-pop[open]")
  if (!menu) return
  if (event.key === "Escape") {
    menu.open = false
    menu.querySelector("summary").focus()
    event.stopPropagation()
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return
  event.preventDefault()
  const items = [...menu.querySelectorAll(".menu-item")]
  const step = event.key === "ArrowDown" ? 1 : -1
  const at = items.indexOf(document.activeElement)
  items[(at + step + items.length) % items.length]?.focus()
})
