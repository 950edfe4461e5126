// An officer's hands: keys pressed at a human pace, and a scanner's burst.
import type { Page } from "playwright-core";
import { PASSWORD } from "../standin/office";

/** A pause longer than the one by which a scanner is told from a hand. */
const HUMAN_MS = 70;

export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(HUMAN_MS);
  }
}

/** What a scanner does: letters in one go, then Enter. */
export async function scan(page: Page, code: string): Promise<void> {
  await page.evaluate((text) => {
    for (const key of [...text, "Enter"]) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }, code);
}

export async function signIn(page: Page, officer: string): Promise<void> {
  await page.getByLabel("账号", { exact: true }).fill(officer);
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("listbox", { name: "办件" }).waitFor();
  await page.getByRole("option").first().waitFor();
}

/** Opens the case with this code by typing it into the search. */
export async function openCode(page: Page, code: string): Promise<void> {
  await press(page, "/");
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "办件与材料" }).waitFor();
}

/** Waits until every picture on the page is drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.style.visibility !== "hidden"));
}
