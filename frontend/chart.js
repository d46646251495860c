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

function follow(spec, { dataIndex, seriesIndex, data }) {
  const series = spec.series?.[seriesIndex]
  const link = data?.link ?? series?.links?.[dataIndex] ?? spec.links?.[dataIndex]
  if (link) location.assign(link)
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
