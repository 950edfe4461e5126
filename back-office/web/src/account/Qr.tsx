// A QR code as the office drew it: rows of 0 and 1, shown as one path with the quiet border.
const QUIET = 4;

export function Qr({ rows, label }: { rows: string[]; label: string }): JSX.Element {
  const size = rows.length + 2 * QUIET;
  const cells = rows.flatMap((row, y) => [...row].flatMap((cell, x) => (cell === "1" ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])));
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={cells.join("")} fill="#000" />
    </svg>
  );
}
