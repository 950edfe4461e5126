// A PDF drawn for the stand-in, of as many pages as wanted: a frame, lines, a few Latin words, and a picture as scanners pack it.

/** A black square on white, 64 by 64, as a fax packs it (CCITT group 4): scanners send black and white so. */
const FAXED = "26a0786ffffffffc82e37fffffffffffffffffffffffffffffff8ffffffff0010010";

/** The bytes of a small PDF. */
export function pdf(title: string, pages: number): Buffer {
  const objects: string[] = [];
  const kids = Array.from({ length: pages }, (_, at) => `${4 + at * 2} 0 R`).join(" ");
  objects.push("<< /Type /Catalog /Pages 2 0 R >>", `<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
  const faxed = 4 + pages * 2;
  for (let at = 0; at < pages; at += 1) {
    const lines = Array.from({ length: 14 }, (_, line) => `90 ${640 - line * 34} m 505 ${640 - line * 34} l S`).join("\n");
    const drawing = `1.5 w 60 60 475 722 re S\nBT /F1 26 Tf 90 720 Td (${title} ${at + 1}/${pages}) Tj ET\n0.6 w ${lines}\n0.1 0.3 0.6 rg 400 90 90 90 re f\nq 120 0 0 120 90 80 cm /Fax Do Q`;
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${5 + at * 2} 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /Fax ${faxed} 0 R >> >> >>`);
    objects.push(`<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`);
  }
  objects.push(`<< /Type /XObject /Subtype /Image /Width 64 /Height 64 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter [/ASCIIHexDecode /CCITTFaxDecode] /DecodeParms [null << /K -1 /Columns 64 /Rows 64 >>] /Length ${FAXED.length + 1} >>\nstream\n${FAXED}>\nendstream`);
  let text = "%PDF-1.4\n";
  const places: number[] = [];
  objects.forEach((body, at) => {
    places.push(text.length);
    text += `${at + 1} 0 obj\n${body}\nendobj\n`;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("")}`;
  text += `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}
