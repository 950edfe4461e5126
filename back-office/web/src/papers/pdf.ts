// PDF pages as pictures. The browser's own viewer cannot stand inside the page (the policy allows no frames) and takes the keys;
// so the reader is loaded when the first PDF is opened, works in its own thread, and draws onto a canvas of ours.
import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist";

export type PdfFile = PDFDocumentProxy;
export type PdfPage = PDFPageProxy;

/** More pages than this are not drawn; the file itself can be taken. */
export const MOST_PAGES = 40;

let reader: Promise<typeof import("pdfjs-dist")> | null = null;

function load(): Promise<typeof import("pdfjs-dist")> {
  reader ??= Promise.all([import("pdfjs-dist/legacy/build/pdf.min.mjs"), import("pdfjs-dist/legacy/build/pdf.worker.min.mjs?url")]).then(([kit, worker]) => {
    kit.GlobalWorkerOptions.workerSrc = worker.default;
    return kit;
  });
  // A reader that did not arrive is asked for again next time.
  reader.catch(() => (reader = null));
  return reader;
}

/** Fetches a PDF as the officer who is signed in, and opens it. Throws when it cannot be had or read. */
export async function openPdf(address: string, signal: AbortSignal): Promise<PdfFile> {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", signal });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const data = new Uint8Array(await answer.arrayBuffer());
  const kit = await load();
  // No scripts of a document, no network of its own: everything is in `data`. The policy allows no WebAssembly, so pictures
  // as scanners pack them (fax, JBIG2, JPEG 2000) are unpacked by the reader's plain scripts, which the build lays beside it.
  return kit.getDocument({ data, enableXfa: false, useWorkerFetch: false, useWasm: false, wasmUrl: new URL("/pdf-pictures/", location.href).href }).promise;
}

/** Draws one page `width` CSS pixels wide, turned; gives what stops the drawing. */
export function drawPdf(page: PdfPage, canvas: HTMLCanvasElement, width: number, turn: number, density: number): { done: Promise<void>; stop: () => void } {
  const rotation = (page.rotate + turn) % 360;
  const whole = page.getViewport({ scale: 1, rotation });
  const viewport = page.getViewport({ scale: (width * density) / whole.width, rotation });
  canvas.width = Math.round(viewport.width);
  canvas.height = Math.round(viewport.height);
  const task = page.render({ canvas, viewport });
  return { done: task.promise, stop: () => task.cancel() };
}
