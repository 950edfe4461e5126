// Chapters at the counter itself: a service for somebody who never touched a kiosk, and a half-done visit that is scanned.
import { scan } from "../look/hand";
import { throughout } from "./desk";
import { fill, handIn, papers } from "./form";
import type { Officer } from "./officer";

/** A fictional resident of the demonstration registry, and what she says at the counter. */
const NUMBER = "330304200002299988";
const NAME = "陈雨桐";
const SAID = {
  "person.matter": "own", "person.id-number": NUMBER, "person.seen": "yes", whose: "relative", book: "gone", "relative-name": "陈守田", relation: "parent", reason: "death", purpose: "inheritance", promise: "yes", signature: "shown",
};

function expect(truth: boolean, words: string): void {
  if (!truth) throw new Error(`not so: ${words}`);
}

/** From the key to the decision; gives the code of the case. */
export async function atTheCounter(officer: Officer): Promise<string> {
  const { page } = officer;
  await officer.press("y");
  await page.getByLabel("找事项").waitFor();
  await officer.keep("opening-list");
  await officer.type("zxhk");
  await officer.press("Enter");
  await officer.heading("注销户口证明");
  // A number with a slip of the hand is kept and said; then it is put right.
  await officer.page.locator("[data-field='person.id-number'] input").waitFor();
  await officer.tabTo(page.locator("[data-field='person.id-number'] input"));
  await officer.type("330304200002299980");
  await officer.press("Enter");
  await officer.sees("有 1 处要改");
  await officer.keep("opening-wrong-number");
  await page.keyboard.press("Shift+Tab");
  await officer.tabTo(page.locator("[data-field='person.id-number'] input"));
  await fill(officer, SAID, "opening");
  await officer.keep("opening-check");
  await papers(officer, ["亲属关系材料"]);
  await officer.keep("opening-papers");
  const code = await handIn(officer);
  expect((await page.locator(".case-facts").innerText()).includes(NAME), "the name came from the registry");
  await officer.keep("opening-is-a-case");
  await throughout(officer, "opening");
  return code;
}

/** A form begun by mistake is given up, asked once. */
export async function givenUp(officer: Officer): Promise<void> {
  await officer.press("y");
  await officer.page.getByLabel("找事项").waitFor();
  await officer.type("bhxsz");
  await officer.press("Enter");
  await officer.heading("补换行驶证");
  await officer.press("Escape", "x");
  await officer.sees("再按一次 X");
  await officer.press("x");
  await officer.heading("已清掉，没有留下内容");
}

/** A half-done visit is handed over by one scan; a colleague's scan is refused politely. Gives its code. */
export async function halfDone(officer: Officer, colleague: Officer, code: string): Promise<void> {
  const { page } = officer;
  await officer.scan(code);
  await officer.sees("居民在机上办了一半");
  await officer.keep("half-done-taken-up");
  await colleague.press("Escape");
  await scan(colleague.page, code);
  await colleague.sees(`${officer.name}正在填这一份`);
  await colleague.keep("half-done-in-other-hands");
  const filled = await page.locator(".ostep", { hasText: "填好了" }).count();
  expect(filled > 1, `what was answered at the kiosk is answered: ${filled} steps are done`);
  // Back to what was answered, to see that it is marked.
  await officer.press("PageUp");
  await officer.sees("居民已在机上填");
  await officer.keep("half-done-answered");
  // What the machine sent is looked at before it counts.
  const sent = page.locator(".opapers ol > li").filter({ hasText: /已有 \d+ 页/ });
  if ((await sent.count()) > 0) {
    const number = (await sent.first().locator("kbd").first().innerText()).trim();
    // Esc leaves a text field first; where there is none it would leave the form.
    if (await page.evaluate(() => document.activeElement instanceof HTMLInputElement && document.activeElement.type === "text")) await officer.press("Escape");
    await officer.press(number, "v");
    await page.locator(".opages img").waitFor();
    await officer.keep("half-done-page");
    await officer.press("Escape");
    await page.locator(".opages").waitFor({ state: "detached" });
  }
  await fill(officer, { "person.seen": "yes", declaration: "yes", signature: "shown" }, "half-done");
  await papers(officer, ["户口簿"]);
  await officer.keep("half-done-papers");
  const same = await handIn(officer);
  expect(same === code, "it keeps its code");
  await throughout(officer, "half-done");
}
