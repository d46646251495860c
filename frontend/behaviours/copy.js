// data-copy="words" puts them on the clipboard.
import { text } from "./texts.js"
import { say } from "./toast.js"

document.addEventListener("click", async ({ target }) => {
  const source = target.closest("[data-copy]")
  if (!source) return
  await navigator.clipboard.writeText(source.dataset.copy)
  say(text("copied"), "success")
})
