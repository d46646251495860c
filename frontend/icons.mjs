// Gathers the Tabler icons (MIT, Paweł Kuna) named in icons.txt into one sprite.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { resolve } from "node:path"

const here = import.meta.dirname
const built = resolve(here, "../akrab/static/built")
const names = readFileSync(resolve(here, "icons.txt"), "utf8").split(/\s+/).filter(Boolean)

const symbols = names.map((name) => {
  const source = resolve(here, "node_modules/@tabler/icons/icons/outline", `${name}.svg`)
  if (!existsSync(source)) throw new Error(`icons.txt names an unknown icon: ${name}`)
  const body = readFileSync(source, "utf8").replace(/<!--[\s\S]*?-->/g, "")
  const shapes = body.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s*\n\s*/g, "")
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`
})

mkdirSync(built, { recursive: true })
writeFileSync(
  resolve(built, "icons.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg"><!-- Tabler Icons, MIT License, https://tabler.io/icons -->${symbols.join("")}</svg>`,
)
copyFileSync(resolve(here, "mark.svg"), resolve(built, "mark.svg"))
