// Theme and density change at once; the form that carries them is saved behind it.
document.addEventListener("submit", ({ submitter }) => {
  const { setTheme, setDensity } = submitter?.dataset ?? {}
  const root = document.documentElement
  if (setTheme === "system") delete root.dataset.theme
  else if (setTheme) root.dataset.theme = setTheme
  if (setDensity) root.dataset.density = setDensity
  for (const other of submitter?.form?.querySelectorAll(`[name="${submitter.name}"]`) ?? []) {
    other.setAttribute("aria-current", String(other === submitter))
  }
}, true)
