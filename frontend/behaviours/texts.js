// Sentences for scripts, translated by the server into one JSON block of the page.
const block = document.getElementById("texts")
const texts = block ? JSON.parse(block.textContent) : {}

export const text = (name) => texts[name] ?? name
