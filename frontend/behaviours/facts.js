// htmx announces HX-Trigger on the element that asked; when the swap removed it, the news would miss the body.
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const news = ctx.hx?.trigger
  if (!news || ctx.sourceElement.isConnected) return
  const facts = news.startsWith("{") ? JSON.parse(news) : Object.fromEntries(news.split(",").map((name) => [name.trim(), {}]))
  for (const [name, detail] of Object.entries(facts)) {
    document.body.dispatchEvent(new CustomEvent(name, { detail }))
  }
})
