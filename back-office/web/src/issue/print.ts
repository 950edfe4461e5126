// Hands a PDF to the browser's printing: its pages, drawn as finely as a printer shows, alone on the paper.
import { drawPdf, openPdf } from "../papers/pdf";

/** Width of an A4 sheet at 300 dots an inch. */
const DOTS = 2480;
const PLACE = "paper-to-print";

function picture(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/png"));
}

/** Opens the browser's print dialog with the paper. Throws when the paper cannot be had; then nothing was printed. */
export async function printPaper(address: string): Promise<void> {
  const file = await openPdf(address, new AbortController().signal);
  document.getElementById(PLACE)?.remove();
  const place = document.createElement("div");
  place.id = PLACE;
  const kept: string[] = [];
  try {
    for (let number = 1; number <= file.numPages; number += 1) {
      const canvas = document.createElement("canvas");
      await drawPdf(await file.getPage(number), canvas, DOTS, 0, 1).done;
      const url = URL.createObjectURL(await picture(canvas));
      kept.push(url);
      const sheet = document.createElement("img");
      sheet.alt = "";
      sheet.src = url;
      place.append(sheet);
      await sheet.decode();
    }
  } finally {
    void file.loadingTask.destroy();
  }
  const end = (): void => {
    place.remove();
    kept.forEach((url) => URL.revokeObjectURL(url));
  };
  window.addEventListener("afterprint", end, { once: true });
  document.body.append(place);
  window.print();
}
