// How the workbench is built: for Chromium 90, from this folder alone; in development the stand-in answers the API.
import { readFileSync } from "node:fs";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const office = process.env["YIMEN_OFFICE"] ?? "http://127.0.0.1:8790";

/** What the PDF reader fetches by name when a page holds a scanner's picture; see `src/papers/pdf.ts`. */
const pictures: Plugin = {
  name: "pdf-pictures",
  generateBundle() {
    for (const name of ["jbig2_nowasm_fallback.js", "openjpeg_nowasm_fallback.js"]) {
      const source = readFileSync(new URL(`node_modules/pdfjs-dist/wasm/${name}`, import.meta.url));
      this.emitFile({ type: "asset", fileName: `pdf-pictures/${name}`, source });
    }
  },
};

export default defineConfig({
  plugins: [react(), pictures],
  build: {
    target: "chrome90",
    // No file is turned into a data: address, so the office's policy can stay at 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400,
    rollupOptions: {
      output: {
        // The PDF reader is a chunk of its own: it is only fetched when the first PDF is opened.
        manualChunks: (id) => (id.includes("pdfjs-dist") ? "pdf" : id.includes("node_modules") ? (/react-dom|\/react\/|scheduler/.test(id) ? "react" : "kit") : undefined),
      },
    },
  },
  server: { proxy: { "/v1": office } },
  test: { include: ["tests/unit/**/*.test.ts", "tests/unit/**/*.test.tsx"], environment: "node" },
});
