// Turns Akrab's chart description into ECharts options, in the colors of the page.
const locale = () => document.documentElement.lang || "en"

// Canvas color strings must be plain: the browser resolves the theme's variables for us.
function plain(color) {
  const brush = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true })
  brush.fillStyle = color
  brush.fillRect(0, 0, 1, 1)
  const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data
  return `rgb(${red}, ${green}, ${blue})`
}

function palette(style) {
  const color = (name) => plain(style.getPropertyValue(name))
  return {
    text: color("--color-base-content"),
    muted: color("--color-muted"),
    line: color("--color-line"),
    paper: color("--color-base-100"),
    series: [1, 2, 3, 4, 5, 6].map((place) => color(`--chart-${place}`)),
  }
}

function formats({ format = "number", symbol = "", digits }) {
  const style =
    format === "money" ? { minimumFractionDigits: digits ?? 0, maximumFractionDigits: digits ?? 2 }
    : format === "percent" ? { style: "percent", maximumFractionDigits: digits ?? 1 }
    : { maximumFractionDigits: digits ?? 2 }
  const short = format === "percent" ? style : { ...style, notation: "compact", minimumFractionDigits: 0, maximumFractionDigits: 1 }
  const write = (rules) => {
    const writer = new Intl.NumberFormat(locale(), rules)
    const signed = (value) => (symbol && value < 0 ? `-${symbol}${writer.format(-value)}` : symbol + writer.format(value))
    return (value) => (value === null || value === undefined || value === "-" ? "–" : signed(value))
  }
  return { full: write(style), short: write(short) }
}

function series(spec, colors) {
  const stacked = spec.kind === "stacked"
  return spec.series.map((one) => {
    const line = (one.kind ?? spec.kind) === "line" || (one.kind ?? spec.kind) === "area"
    return {
      name: one.name,
      type: line ? "line" : "bar",
      data: one.values,
      stack: stacked ? "all" : undefined,
      smooth: false,
      symbol: "circle",
      symbolSize: 6,
      showSymbol: one.values.length < 40,
      lineStyle: { width: 2, type: one.dashed ? "dashed" : "solid" },
      areaStyle: (one.kind ?? spec.kind) === "area" ? { opacity: 0.14 } : undefined,
      barMaxWidth: 36,
      itemStyle: line ? undefined : { borderRadius: stacked ? 0 : spec.horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      cursor: "default",
    }
  })
}

function cartesian(spec, colors, { full, short }) {
  const label = { color: colors.muted, fontSize: 12 }
  const values = { type: "value", axisLabel: { ...label, formatter: short, hideOverlap: true }, splitLine: { lineStyle: { color: colors.line } } }
  const names = {
    type: "category",
    data: spec.labels,
    inverse: Boolean(spec.horizontal),
    axisLabel: { ...label, hideOverlap: true, width: spec.horizontal ? 140 : undefined, overflow: "truncate" },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colors.line } },
  }
  return {
    grid: { left: 8, right: 16, top: spec.series.length > 1 ? 36 : 16, bottom: 4, containLabel: true },
    legend: { show: spec.series.length > 1, top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { color: colors.text } },
    xAxis: spec.horizontal ? values : names,
    yAxis: spec.horizontal ? names : values,
    tooltip: { trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { opacity: 0.12 } }, valueFormatter: full },
    series: series(spec, colors),
  }
}

function pie(spec, colors, { full }) {
  const [one] = spec.series
  return {
    tooltip: { trigger: "item", formatter: ({ name, value, percent }) => `${name}\n${full(value)} · ${percent} %` },
    legend: { bottom: 0, textStyle: { color: colors.text } },
    series: [{
      type: "pie",
      radius: ["52%", "76%"],
      center: ["50%", "44%"],
      itemStyle: { borderColor: colors.paper, borderWidth: 2 },
      label: { show: false },
      data: spec.labels.map((name, at) => ({ name, value: one.values[at], link: (one.links ?? spec.links)?.[at] })),
    }],
  }
}

function heatmap(spec, colors, { full }) {
  const cells = spec.series.flatMap((row, y) => row.values.map((value, x) => ({ value: [x, y, value ?? "-"], link: row.links?.[x] })))
  const numbers = cells.map(({ value }) => value[2]).filter((value) => typeof value === "number")
  const label = { color: colors.muted, fontSize: 12 }
  return {
    grid: { left: 8, right: 16, top: 8, bottom: 44, containLabel: true },
    xAxis: { type: "category", data: spec.labels, axisLabel: label, axisTick: { show: false }, axisLine: { show: false } },
    yAxis: { type: "category", inverse: true, data: spec.series.map(({ name }) => name), axisLabel: { ...label, hideOverlap: true }, axisTick: { show: false }, axisLine: { show: false } },
    visualMap: {
      min: Math.min(0, ...numbers), max: spec.max ?? Math.max(...numbers, 0.0001), calculable: false,
      orient: "horizontal", left: "center", bottom: 0, itemHeight: 120, itemWidth: 10, formatter: full,
      textStyle: { color: colors.muted }, inRange: { color: [colors.paper, colors.series[0]] },
    },
    tooltip: { formatter: ({ value }) => `${spec.series[value[1]].name} · ${spec.labels[value[0]]}\n${full(value[2])}` },
    series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: colors.paper, borderWidth: 1 }, cursor: "pointer" }],
  }
}

const kinds = { pie, heatmap }

// Rows need room: a heat map and a bar chart that lies down grow with what they show.
export function height(spec) {
  if (spec.kind === "heatmap") return spec.series.length * 24 + 76
  return spec.horizontal ? Math.max(160, spec.labels.length * 32 + 48) : 0
}

export function option(spec, style, calm) {
  const colors = palette(style)
  const shape = (kinds[spec.kind] ?? cartesian)(spec, colors, formats(spec))
  return {
    color: colors.series,
    animation: !calm,
    animationDuration: 350,
    textStyle: { fontFamily: style.fontFamily, color: colors.text },
    aria: { enabled: true, label: { description: spec.title } },
    ...shape,
    tooltip: {
      // Drawn on the canvas: an HTML tooltip needs inline styles, which the page's policy refuses.
      renderMode: "richText",
      confine: true,
      backgroundColor: colors.paper,
      borderColor: colors.line,
      textStyle: { color: colors.text, fontSize: 13 },
      ...shape.tooltip,
    },
  }
}
