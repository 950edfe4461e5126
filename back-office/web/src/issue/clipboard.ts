// Puts words on the clipboard. On a plain address within the house the browser offers no clipboard of its own; then a field is copied.

/** Says whether it is on the clipboard now. */
export async function copyWords(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copyField(words);
  }
}

function copyField(words: string): boolean {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.value = words;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  // Old, and the only way where the page is not served over TLS.
  const done = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
