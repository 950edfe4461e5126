// Filling by keys alone: which control is next. Works on the page's order, so fields that appear after an answer are met too.

const ENTRY = "input:not(:disabled):not([readonly]):not([type=file]), input[role=combobox]:not(:disabled), textarea:not(:disabled):not([readonly])";

function wrappers(form: ParentNode): HTMLElement[] {
  return [...form.querySelectorAll<HTMLElement>("[data-field]")];
}

function entry(wrapper: HTMLElement): HTMLElement | null {
  return wrapper.querySelector<HTMLElement>("input[type=radio]:checked:not(:disabled)") ?? wrapper.querySelector<HTMLElement>(ENTRY);
}

function enter(wrapper: HTMLElement): boolean {
  const control = entry(wrapper);
  if (control === null) return false;
  control.focus();
  if (control instanceof HTMLInputElement && control.type === "text") control.select();
  wrapper.scrollIntoView({ block: "nearest" });
  return true;
}

/** Goes to the field after the one that has the focus; false at the last. */
export function toNext(form: ParentNode, from: Element | null): boolean {
  const all = wrappers(form);
  const at = all.findIndex((one) => one.contains(from));
  return all.slice(at + 1).some(enter);
}

/** Goes to this field, or to the first that is wrong or empty, or to the first. */
export function toField(form: ParentNode, wanted: readonly string[]): boolean {
  const all = wrappers(form);
  const found = wanted.flatMap((id) => all.filter((one) => one.dataset["field"] === id));
  return [...found, ...all].some(enter);
}
