import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import tailwindcss from "@tailwindcss/vite"
import { defineConfig } from "vite"

const built = resolve(import.meta.dirname, "../akrab/static/built")

// The web server sends these ready-made files, so no request pays for compression.
function packed() {
  return {
    name: "packed",
    // A running server keeps its files until the new ones are there.
    writeBundle(_options, bundle) {
      for (const name of readdirSync(join(built, "chunks"))) {
        if (!bundle[`chunks/${name.replace(/\.(gz|br)$/, "")}`]) rmSync(join(built, "chunks", name))
      }
    },
    closeBundle() {
      for (const name of readdirSync(built, { recursive: true })) {
        if (!/\.(js|css|svg)$/.test(name)) continue
        const body = readFileSync(join(built, name))
        if (body.length < 600) continue
        writeFileSync(join(built, `${name}.gz`), gzipSync(body, { level: 9 }))
        writeFileSync(
          join(built, `${name}.br`),
          brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        )
      }
    },
  }
}

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  publicDir: false,
  plugins: [tailwindcss(), packed()],
  build: {
    outDir: built,
    emptyOutDir: false,
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: { app: resolve(import.meta.dirname, "app.js") },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name]-[hash].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
})
