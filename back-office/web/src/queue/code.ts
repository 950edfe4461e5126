// Receipt codes as people type them and scanners send them. The alphabet is that of the receipts: no letter that can be confused.

const CODE = /^[ACDEFGHJKMNPQRTWXY3479]{8}$/;

/** The code in what was typed or scanned (with or without hyphen, also at the end of an address); null when there is none. */
export function codeIn(text: string): string | null {
  const last = text.trim().split(/[/=#?&]/).filter((part) => part !== "").pop() ?? "";
  const plain = last.replace(/[\s\-－]/g, "").toUpperCase();
  return CODE.test(plain) ? plain : null;
}

/** A code as it is printed: two groups of four. */
export function printed(code: string | null): string {
  if (code === null) return "无回执号";
  return code.length === 8 ? `${code.slice(0, 4)}-${code.slice(4)}` : code;
}
