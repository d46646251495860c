// Finds charts on the page and in swapped parts, and loads the drawing code only then.
let code = null
const tables = new Set()

function draw(root) {
  const places = [...root.querySelectorAll("[data-chart]:not([data-drawn])")]
  if (!places.length) return
  for (const place of places) if (tables.has(place.dataset.chart)) show(place, "table")
  code ??= import("../chart.js")
  code.then(({ draw }) => places.filter((place) => place.isConnected).forEach(draw))
}

function show(place, view) {
  const frame = place.closest("[data-chart-frame]")
  place.hidden = view === "table"
  frame.querySelector("[data-chart-table]").hidden = view !== "table"
  for (const button of frame.querySelectorAll("[data-chart-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.chartView === view))
  }
}

draw(document)
document.addEventListener("htmx:after:swap", () => draw(document))

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-chart-view]")
  const place = button?.closest("[data-chart-frame]").querySelector("[data-chart]")
  if (!place) return
  const view = button.dataset.chartView
  // A chart that arrives anew keeps the view its reader chose.
  tables[view === "table" ? "add" : "delete"](place.dataset.chart)
  show(place, view)
})
