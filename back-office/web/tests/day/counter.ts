// What else happens at a counter: the tools of this test are tried on planted faults, a case goes to a colleague and to another
// branch, a number is called, what was approved is issued, printed and handed over, and the supervisor looks at the day.
import { approve, codeOf, expect, RACED, SUPPLEMENTED, type Day } from "./chapters";
import type { Officer } from "./officer";

const HANDED = "61-proof-for-the-train";
const TRANSFERRED = "14-passport-for-a-child";
const CERTIFICATE = "66-record-by-mandate";

type Chapters = Record<string, (day: Day) => Promise<void>>;

/** To another page by its key. */
async function go(officer: Officer, key: string, title: string): Promise<void> {
  await officer.press(key);
  await officer.page.getByRole("heading", { level: 1, name: title }).waitFor();
}

/** Copies every field into the ministry's system, enters the number it gave, and issues. */
async function credential(officer: Officer, number: string, name: string): Promise<void> {
  const { page } = officer;
  const fields = page.locator(".copy-field");
  await fields.first().waitFor();
  const many = await fields.count();
  expect(many >= 2, `there is something to copy: ${many}`);
  for (let at = 0; at < many; at += 1) {
    const value = await fields.nth(at).locator(".copy-value").innerText();
    await officer.press("y");
    await fields.nth(at).getByText("抄过").waitFor();
    const clip = await page.evaluate(() => navigator.clipboard.readText());
    expect(clip === value, `what is framed is on the clipboard: field ${at + 1}`);
  }
  await officer.sees("全部复制过了");
  await officer.press("e");
  await officer.type(number);
  await officer.keep(`${name}-copied`);
  await officer.press("Control+Enter");
  await officer.heading("已发证，在领取台");
  await officer.keep(`${name}-issued`);
}

/** Finds one thing on the desk by its code. */
async function onDesk(officer: Officer, code: string): Promise<void> {
  await officer.press("/");
  await officer.press("Control+A");
  await officer.type(code);
  await officer.press("Enter");
  await officer.page.locator(".page-detail .facts").getByText(`${code.slice(0, 4)}-${code.slice(4)}`).waitFor();
}

const EARLY: Chapters = {
  "the detectors see planted faults": async ({ two }) => {
    const { look, page } = two;
    const before = look.axe.length;
    await page.evaluate(() => {
      const button = document.createElement("button");
      button.id = "planted";
      document.querySelector("main")?.append(button);
    });
    await look.check("planted");
    const grave = look.axe.slice(before).filter((one) => one.rule === "button-name" && one.impact === "critical");
    expect(grave.length === 1, `axe sees a button without a name: ${JSON.stringify(look.axe.slice(before))}`);
    look.axe.length = before;
    await page.evaluate(() => document.querySelector("#planted")?.remove());
    expect((await two.pointers()) === 0, "no pointer was used until now");
    await page.mouse.click(3, 890);
    expect((await two.pointers()) > 0, "a click of the mouse is counted");
    await two.forgetPointers();
  },

  "handed to a colleague": async (day) => {
    const { one, two } = day;
    const code = codeOf(day, HANDED);
    await one.scan(code);
    await one.claim();
    await one.press("g");
    await one.page.getByRole("radio", { name: new RegExp(two.name) }).waitFor();
    await one.press("1");
    await one.keep("hand-over-to-a-colleague");
    await one.press("Enter");
    await one.heading(`已移交给${two.name}`);
    await two.scan(code);
    await two.sees("领办剩");
    await two.keep("handed-over-here");
    await approve(day, two, code);
  },

  "to another branch": async (day) => {
    const { one } = day;
    await one.scan(codeOf(day, TRANSFERRED));
    await one.claim();
    await one.press("t");
    await one.page.getByRole("dialog").getByRole("radio").first().waitFor();
    await one.press("Space");
    await one.tabTo(one.page.locator("#transfer-reason"));
    await one.type("监护关系要先由那边核对。");
    await one.page.locator("article.letter h4").waitFor();
    await one.keep("transfer");
    await one.press("Control+Enter");
    await one.heading("已转其他警种");
  },

  "a number is called": async (day) => {
    const { two } = day;
    await two.scan(codeOf(day, CERTIFICATE));
    await two.press("d");
    await two.sees(/已取号 .*，请告诉来人/);
    await two.keep("number-drawn");
    await go(two, "q", "叫号");
    await two.page.getByRole("option").first().waitFor();
    await two.keep("numbers");
    await two.press("n");
    await two.sees(/叫了 1 次/);
    const number = await two.page.locator(".ticket-number").innerText();
    await two.press("c", "c");
    await two.sees(/叫了 3 次/);
    await two.press("x");
    await two.sees("再按一次 X");
    await two.keep("nobody-came");
    await two.press("Escape");
    await two.page.getByText("再按一次 X").waitFor({ state: "detached" });
    await two.press("Enter");
    await two.page.locator(".case-head").getByText(`排号 ${number}`).waitFor();
    await go(two, "q", "叫号");
    await two.press("s");
    await two.sees("已接待，1 号窗口");
    await two.keep("number-served");
    await two.press("w");
    await two.page.getByRole("region", { name: "队列" }).waitFor();
  },
};

const LATE: Chapters = {
  "a credential after approval": async (day) => {
    const { one } = day;
    await go(one, "l", "领证");
    await onDesk(one, codeOf(day, SUPPLEMENTED));
    await one.keep("to-issue");
    await one.press("Enter");
    await credential(one, "H90213347", "id-card");
    await one.press("Escape");
    await onDesk(one, codeOf(day, SUPPLEMENTED));
    await one.press("c");
    await one.sees("还要核对身份");
    await one.press("Space");
    await one.sees("请领取人在领取登记上签字后再按");
    await one.keep("hand-over");
    await one.press("Control+Enter");
    await one.sees("已领走，记下了");
    await one.page.locator(".page-detail .facts").getByText("领走").first().waitFor();
    await one.keep("handed-over");
  },

  "another goes by post": async (day) => {
    const { one } = day;
    await onDesk(one, codeOf(day, RACED));
    await one.press("Enter");
    await credential(one, "330A0058214", "vehicle-licence");
    await one.press("Escape");
    await onDesk(one, codeOf(day, RACED));
    await one.press("p");
    await one.type("1098200377413");
    await one.press("Control+Enter");
    await one.sees("已寄出，记下了");
    await one.page.locator(".page-detail .facts").getByText("1098200377413").waitFor();
    await one.keep("posted");
    await one.press("w");
  },

  "a certificate is issued and printed": async (day) => {
    const { two } = day;
    await go(two, "l", "领证");
    await onDesk(two, codeOf(day, CERTIFICATE));
    await two.press("Enter");
    await two.page.getByRole("button", { name: /出具证明/ }).waitFor();
    await two.press("Control+Enter");
    await two.page.locator("canvas[data-ready=true]").first().waitFor();
    await two.keep("certificate");
    await two.press("d");
    await two.sees("已交给浏览器打印");
    await two.page.emulateMedia({ media: "print" });
    await two.look.shot("certificate-on-paper");
    await two.page.emulateMedia({ media: null });
    await two.press("r");
    await two.page.getByLabel("为什么补打").waitFor();
    await two.type("打印机卡纸，第一张作废");
    await two.press("Control+Enter");
    await two.page.waitForFunction(() => (window as unknown as { prints: number }).prints === 2);
    await two.press("Escape");
    await onDesk(two, codeOf(day, CERTIFICATE));
    await two.page.locator(".page-detail .facts").getByText("2 次").waitFor();
    await two.keep("certificate-ready");
    await two.press("w");
  },

  "the supervisor looks": async (day) => {
    const { one, two } = day;
    await go(two, "u", "督导");
    await two.sees("今天已决定");
    await two.sees(/件，上年同期没有|件，比上年同期|件，与上年同期/);
    const decided = await two.page.locator(".figure", { hasText: "今天已决定" }).locator("dd").innerText();
    expect(Number.parseInt(decided.replace(/[^0-9]/g, ""), 10) >= 9, `the day's decisions are counted: ${decided}`);
    await two.keep("report");
    const [file] = await Promise.all([two.page.waitForEvent("download"), two.press("d")]);
    expect(file.suggestedFilename().endsWith(".csv"), `the table can be taken: ${file.suggestedFilename()}`);
    await two.press("j", "j", "j");
    await two.keep("report-below");
    await two.press("w");
    // Who is no supervisor has no such page.
    await one.press("u");
    await one.page.getByRole("region", { name: "队列" }).waitFor();
    expect((await one.page.getByRole("heading", { name: "督导" }).count()) === 0, "an officer reads no figures of others");
  },
};

export const COUNTER = { early: EARLY, late: LATE };
