// How an officer fills an opening: field after field by Enter, step after step, by what each field is. Keys only.
import type { Officer } from "./officer";

/** What is answered, by field: an option, or words. A field that is not named is left as it is when it may be. */
export type Answers = Readonly<Record<string, string>>;

interface Here {
  field: string;
  kind: "radio" | "checkbox" | "text" | "list";
  /** Options of a choice, in the order of the arrow keys. */
  options: string[];
  /** The chosen option, "on", or the text. */
  value: string;
}

/** The field that has the cursor; null when it is elsewhere. */
function here(officer: Officer): Promise<Here | null> {
  return officer.page.evaluate(() => {
    const now = document.activeElement;
    const field = now?.closest<HTMLElement>("[data-field]")?.dataset["field"];
    if (field === undefined || !(now instanceof HTMLInputElement || now instanceof HTMLTextAreaElement)) return null;
    if (now.type === "radio") {
      const all = [...document.querySelectorAll<HTMLInputElement>(`input[type=radio][name="${now.name}"]`)];
      return { field, kind: "radio" as const, options: all.map((one) => one.value), value: all.find((one) => one.checked)?.value ?? "" };
    }
    if (now.type === "checkbox") return { field, kind: "checkbox" as const, options: [], value: (now as HTMLInputElement).checked ? "on" : "" };
    return { field, kind: now.getAttribute("role") === "combobox" ? ("list" as const) : ("text" as const), options: [], value: now.value };
  });
}

async function settled(officer: Officer): Promise<void> {
  await officer.page.getByText("都已保存").waitFor();
}

async function answer(officer: Officer, at: Here, wanted: string): Promise<void> {
  switch (at.kind) {
    case "radio": {
      const index = at.options.indexOf(wanted);
      if (index < 0) throw new Error(`${at.field} has no ${wanted}, only ${at.options.join(", ")}`);
      if (at.value === wanted) return;
      const from = at.value === "" ? 0 : at.options.indexOf(at.value);
      if (at.value === "") await officer.press("Space");
      for (let step = 0; step < Math.abs(index - from); step += 1) await officer.press(index > from ? "ArrowDown" : "ArrowUp");
      await settled(officer);
      return;
    }
    case "checkbox":
      if (at.value === "") await officer.press("Space");
      await settled(officer);
      return;
    case "text":
    case "list":
      await officer.press("Control+A");
      await officer.type(wanted);
  }
}

const STEPS = 12;
const FIELDS = 20;

/** Every step from where the form stands to the check before submitting; `kept` names pictures of steps. */
export async function fill(officer: Officer, answers: Answers, kept: string): Promise<void> {
  const { page } = officer;
  const check = page.getByText("请当面核对一遍");
  for (let step = 0; step < STEPS; step += 1) {
    if ((await check.count()) > 0) return;
    const title = await page.locator(".ostep.now .ostep-title").innerText();
    for (let many = 0; many < FIELDS; many += 1) {
      const at = await here(officer);
      if (at === null) break;
      const wanted = answers[at.field];
      if (wanted !== undefined) await answer(officer, at, wanted);
      await officer.press("Enter");
      await page.waitForFunction((field) => document.activeElement?.closest<HTMLElement>("[data-field]")?.dataset["field"] !== field, at.field);
    }
    await settled(officer);
    await officer.keep(`${kept}-step-${step + 1}`);
    await officer.press("Control+Enter");
    await page.waitForFunction((before) => document.querySelector(".ostep.now .ostep-title")?.textContent !== before, title);
  }
  await check.waitFor();
}

/** Papers: each original is looked at, what may follow later follows later when it is named. */
export async function papers(officer: Officer, later: readonly string[]): Promise<void> {
  const rows = officer.page.locator(".opapers ol > li");
  for (let at = 0; at < (await rows.count()); at += 1) {
    const row = rows.nth(at);
    if ((await row.getByText("还没有", { exact: true }).count()) === 0) continue;
    const title = await row.locator(".opaper-title").innerText();
    await officer.press(String(at + 1), later.includes(title) ? "b" : "o");
    await row.getByText("还没有", { exact: true }).waitFor({ state: "detached" });
  }
}

/** Hands the form in; it is a case in this officer's hands then. Gives its code. */
export async function handIn(officer: Officer): Promise<string> {
  await officer.sees("都齐了");
  await officer.press("F9");
  await officer.sees("领办剩");
  const words = await officer.page.locator(".case-facts strong").first().innerText();
  return words.replace(/[^0-9A-Z]/g, "");
}
