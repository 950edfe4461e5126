// What an officer does with one claimed case: papers, person, checks, and a decision.
import type { Officer } from "./officer";

const AGREE = /受理|准予办结/;

/** Looks at every paper and notes the original where that can be noted; of what may come later only when it was brought. */
async function papers(officer: Officer, brought = false): Promise<void> {
  const { page } = officer;
  const list = page.locator("ol[aria-label=材料] > li");
  const many = Math.min(9, await list.count());
  for (let at = 0; at < many; at += 1) {
    await officer.press(String(at + 1));
    await list.nth(at).locator("[aria-current=true]").waitFor();
    if (!brought && (await list.nth(at).getByText("容缺").count()) > 0) continue;
    const original = page.getByRole("button", { name: /已核对原件|已在窗口办/ });
    if ((await original.count()) === 0 || !(await original.isEnabled())) continue;
    await officer.press("o");
    await page.getByRole("button", { name: "撤销核对" }).waitFor();
  }
}

/** The person before the desk is the one of the photo. */
async function person(officer: Officer): Promise<void> {
  await officer.press("p", "Enter");
  await officer.page.getByRole("button", { name: "是同一人", pressed: true }).waitFor();
}

/** Ticks what is an officer's to check. */
async function checks(officer: Officer): Promise<void> {
  const open = officer.page.locator("li.check input[type=checkbox]:not(:disabled):not(:checked)");
  for (let left = await open.count(); left > 0; left = await open.count()) {
    await officer.press("Space");
    await officer.page.waitForFunction((before) => document.querySelectorAll("li.check input[type=checkbox]:not(:disabled):not(:checked)").length < before, left);
  }
}

/** What the page says stands in the way, or nothing. */
async function inTheWay(officer: Officer): Promise<string> {
  return (await officer.page.locator(".why-not").allInnerTexts()).join("；");
}

/** What the resident will read is there. */
async function letter(officer: Officer): Promise<void> {
  await officer.page.locator("article.letter h4").waitFor();
}

/** A, and A again once the letter to the resident is there. */
async function agree(officer: Officer, kept?: string): Promise<void> {
  const button = officer.page.locator(".four button").first();
  const able = officer.page.locator(".four button:enabled").filter({ hasText: AGREE }).first();
  await able.waitFor().catch(async () => {
    throw new Error(`cannot agree (${await button.innerText()}): ${await inTheWay(officer)}`);
  });
  await officer.press("a");
  await officer.sees("再按一次 A");
  await letter(officer);
  if (kept !== undefined) await officer.keep(kept);
  await officer.press("a");
}

export interface Through {
  /** What stood in the way, in the office's words. */
  said: string[];
  /** The approval waits for a second officer. */
  waits: boolean;
}

/** How an approval ended: it took effect, or it waits for another officer. */
async function approved(officer: Officer): Promise<boolean> {
  const [done, waits] = ["已准予办结", "已记下：准予办结，等第二人"].map((name) => officer.page.getByRole("heading", { name, exact: true }));
  if (!done || !waits) throw new Error("two ways to end");
  await done.or(waits).first().waitFor();
  return (await waits.count()) > 0;
}

/** The second of two officers looks for themselves, and approves. */
export async function secondly(officer: Officer, name: string): Promise<void> {
  await officer.sees("您作同样的决定才生效");
  await officer.keep(`${name}-second-person`);
  await person(officer);
  await papers(officer, true);
  await checks(officer);
  await agree(officer, `${name}-second-approve`);
  await officer.heading("已准予办结");
}

/** Everything from papers to approval. */
export async function throughout(officer: Officer, name: string): Promise<Through> {
  const said: string[] = [];
  await papers(officer);
  await person(officer);
  await checks(officer);
  await officer.keep(`${name}-checked`);
  await agree(officer, `${name}-accept`);
  await officer.sees("公开状态：已受理");
  const approve = officer.page.getByRole("button", { name: /准予办结/ });
  const notYet = officer.page.locator(".why-not").filter({ hasText: "暂不能准予办结" });
  await approve.and(officer.page.locator(":enabled")).or(notYet).first().waitFor();
  if ((await notYet.count()) > 0) {
    said.push(await inTheWay(officer));
    await officer.keep(`${name}-not-yet`);
    // The person comes to the desk with what was to follow.
    await papers(officer, true);
    await checks(officer);
  }
  await agree(officer, `${name}-approve`);
  return { said, waits: await approved(officer) };
}

/** A letter to the resident: why not, and what can be done. */
export async function refuseToAccept(officer: Officer, reason: string, name: string): Promise<void> {
  await officer.press("x");
  await officer.tabTo(officer.page.locator("#refuse-reason"));
  await officer.type(reason);
  await letter(officer);
  await officer.keep(name);
  await officer.press("Control+Enter");
  await officer.sees("再按一次 Ctrl Enter");
  await officer.press("Control+Enter");
  await officer.heading("已不予受理");
}

/** Asks for one thing again, found by its words in the list. */
export async function askAgain(officer: Officer, title: string, name: string): Promise<void> {
  await officer.press("s");
  const row = officer.page.locator(".wanted").filter({ hasText: title }).first();
  await row.waitFor();
  const number = (await row.locator("kbd").first().innerText()).trim();
  await officer.press(number);
  await officer.sees("已选 1 项");
  await letter(officer);
  await officer.keep(name);
  await officer.press("Control+Enter");
  await officer.heading("已退回补正");
}
