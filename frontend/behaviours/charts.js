// Finds charts on the page and in swapped parts, and loads the drawing code only then.
let code = null

function draw(root) {
  const places = [...root.querySelectorAll("[data-chart]:not([data-drawn])")]
  if (!places.length) return
  code ??= import("../chart.js")
  code.then(({ draw }) => places.forEach(draw))
}

draw(document)
document.addEventListener("htmx:after:swap", () => draw(document))

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-chart-view]")
  if (!button) return
  const frame = button.closest("[data-chart-frame]")
  const table = button.dataset.chartView === "table"
  frame.querySelector("[data-chart]").hidden = table
  frame.querySelector("[data-chart-table]").hidden = !table
  for (const other of frame.querySelectorAll("[data-chart-view]")) {
    other.setAttribute("aria-pressed", String(other === button))
  }
})
