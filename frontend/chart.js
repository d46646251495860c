// Draws one chart from its JSON: follows theme and size, formats for the reader, drills by link.
import { BarChart, HeatmapChart, LineChart, PieChart, ScatterChart } from "echarts/charts"
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components"
import { init, use } from "echarts/core"
import { CanvasRenderer } from "echarts/renderers"
import { height, option } from "./chart-options.js"

use([
  BarChart, HeatmapChart, LineChart, PieChart, ScatterChart,
  AriaComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent,
  CanvasRenderer,
])

const calm = matchMedia("(prefers-reduced-motion: reduce)")
const drawn = new Set()

function paint({ place, chart, spec }) {
  chart.setOption(option(spec, getComputedStyle(place), calm.matches), true)
}

const banded = ({ kind }) => kind !== "pie" && kind !== "heatmap"

// Where a click on a bar or line chart leads: the whole band of a label counts; of several series the nearest one does.
function bandLink({ chart, spec }, { offsetX, offsetY }) {
  const place = [offsetX, offsetY]
  if (!banded(spec) || !chart.containPixel("grid", place)) return ""
  const [across, up] = chart.convertFromPixel("grid", place)
  const [at, value] = spec.horizontal ? [up, across] : [across, up]
  let base = 0
  let nearest = { gap: Infinity, link: "" }
  for (const one of spec.series) {
    const link = one.links?.[at] ?? spec.links?.[at]
    const low = spec.kind === "stacked" ? base : one.values[at] ?? 0
    const high = spec.kind === "stacked" ? (base += one.values[at] ?? 0) : low
    const gap = Math.max(Math.min(low, high) - value, value - Math.max(low, high), 0)
    if (link && gap < nearest.gap) nearest = { gap, link }
  }
  return nearest.link
}

function follow(spec, { data }) {
  if (data?.link) location.assign(data.link)
}

export function draw(place) {
  place.dataset.drawn = "yes"
  const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent)
  const tall = height(spec)
  if (tall) place.style.height = `${tall}px`
  const chart = init(place, null, { renderer: "canvas" })
  const entry = { place, chart, spec }
  drawn.add(entry)
  paint(entry)
  chart.on("click", (event) => follow(spec, event))
  const brush = chart.getZr()
  brush.on("click", (event) => {
    const link = bandLink(entry, event)
    if (link) location.assign(link)
  })
  brush.on("mousemove", (event) => banded(spec) && brush.setCursorStyle(bandLink(entry, event) ? "pointer" : "default"))
  new ResizeObserver(() => place.clientWidth && chart.resize()).observe(place)
}

function repaint() {
  for (const entry of drawn) {
    if (entry.place.isConnected) paint(entry)
    else {
      entry.chart.dispose()
      drawn.delete(entry)
    }
  }
}

new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] })
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint)
