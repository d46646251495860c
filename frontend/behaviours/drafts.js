// Drafts: what is typed into a form with data-draft="name" survives a reload, until the form was accepted.
const key = (form) => `akrab.draft.${form.dataset.draft}`
const areas = (form) => [...form.querySelectorAll("textarea[name]")]

function restore(root) {
  for (const form of root.querySelectorAll?.("form[data-draft]") ?? []) {
    const kept = JSON.parse(localStorage.getItem(key(form)) ?? "{}")
    for (const area of areas(form)) if (!area.value && kept[area.name]) area.value = kept[area.name]
  }
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[data-draft]")
  if (!form) return
  const typed = Object.fromEntries(areas(form).map((area) => [area.name, area.value]))
  if (Object.values(typed).some(Boolean)) localStorage.setItem(key(form), JSON.stringify(typed))
  else localStorage.removeItem(key(form))
})

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement.dataset?.draft && ctx.response?.status < 400) localStorage.removeItem(key(ctx.sourceElement))
})

// A plain form leaves the page only when it was accepted; a refused one comes back with its words.
document.addEventListener("submit", ({ target, defaultPrevented }) => {
  if (target.dataset.draft && !defaultPrevented) sessionStorage.setItem("akrab.draft.sent", JSON.stringify([key(target), location.pathname]))
})

const [sent, from] = JSON.parse(sessionStorage.getItem("akrab.draft.sent") ?? "[]")
sessionStorage.removeItem("akrab.draft.sent")
if (sent && location.pathname.startsWith("/customers/") && from !== location.pathname) localStorage.removeItem(sent)
restore(document)
document.addEventListener("htmx:after:swap", () => restore(document))
