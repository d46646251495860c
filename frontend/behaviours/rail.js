// The rail: narrow or wide, kept in a cookie so that the server draws it right the first time.
document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-rail-toggle]")) return
  const root = document.documentElement
  root.dataset.rail = root.dataset.rail === "narrow" ? "wide" : "narrow"
  document.cookie = `rail=${root.dataset.rail}; path=/; max-age=31536000; samesite=lax`
})
