// Screens of bad days: somebody else was first, a lease that ran out, no office, an ended session, a closed case, an empty queue.
import type { StandinOffice } from "../standin/office";
import type { Look } from "./browser";
import { drawn, openCode, press, signIn } from "./hand";
import { expect } from "./scenes";

const NOTE = "原件已看，地址以户口簿为准，";

export const TROUBLE: Record<string, (look: Look, office: StandinOffice) => Promise<void>> = {
  race: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    await openCode(page, "QX7N-C4DF");
    await page.getByText("还没有人领办").waitFor();
    // The list does not know yet that a colleague was faster.
    office.listeners.clear();
    office.claim("case-02", "li");
    await press(page, "c");
    await page.getByText("李警官正在办这件").waitFor();
    await look.shot("claimed-by-other");
    await look.check("claimed-by-other");
  },

  undisturbed: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    await openCode(page, "7KQ4-M3XP");
    await page.waitForFunction(() => document.querySelectorAll("[role=option]").length > 15);
    await page.locator(".rows").evaluate((box) => box.scrollTo(0, 330));
    await page.waitForTimeout(100);
    const rows = page.getByRole("listbox", { name: "办件" });
    const row = page.locator("#row-case-12");
    await page.getByRole("textbox", { name: "办理意见" }).fill(NOTE);
    await press(page, "Escape", "s");
    await page.getByText("理由 203").waitFor();
    await press(page, "1");
    await page.getByLabel("户口簿 · 首页：请当事人怎么做").fill("请重新拍");
    const before = { top: (await row.boundingBox())?.y, cursor: await rows.getAttribute("aria-activedescendant"), scroll: await rows.evaluate((box) => box.scrollTop) };
    const first = office.cases[0];
    if (!first) throw new Error("the stand-in has cases");
    for (let at = 0; at < 3; at += 1) office.cases = [{ ...first, id: `new-${at}`, title: `新到的办件 ${at + 1}`, holder: null, lease_until: null }, ...office.cases];
    office.changed();
    await page.locator("#row-new-2").waitFor({ state: "attached" });
    const after = { top: (await row.boundingBox())?.y, cursor: await rows.getAttribute("aria-activedescendant"), scroll: await rows.evaluate((box) => box.scrollTop) };
    expect(before.scroll > 100 && after.scroll > before.scroll + 100, `rows came in above: ${JSON.stringify([before, after])}`);
    expect(Math.abs((before.top ?? 0) - (after.top ?? 1e9)) < 2, `the row in sight stayed: ${JSON.stringify([before, after])}`);
    expect(before.cursor === after.cursor, "the cursor stayed on its case");
    expect((await page.getByLabel("户口簿 · 首页：请当事人怎么做").inputValue()) === "请重新拍", "the dialog and its words stayed");
    expect(await page.getByLabel("户口簿 · 首页：请当事人怎么做").evaluate((field) => field === document.activeElement), "the field kept the focus");
    await look.shot("list-changed-under-a-dialog");
    await press(page, "Escape");
    expect((await page.getByRole("textbox", { name: "办理意见" }).inputValue()) === NOTE, "the half-written note stayed");
  },

  lease: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    await openCode(page, "7KQ4-M3XP");
    await page.getByRole("textbox", { name: "办理意见" }).fill(NOTE);
    await press(page, "Escape");
    office.put("case-03", { lease_until: new Date(Date.now() + 90_000).toISOString() });
    await page.getByText("动一下键盘即续期").waitFor();
    await look.shot("lease-soon");
    await look.check("lease-soon");
    office.put("case-03", { lease_until: new Date(Date.now() - 1000).toISOString() });
    await page.getByText("领办已到期，现在没有人在办").waitFor();
    await look.shot("lease-lost");
    await look.check("lease-lost");
    office.claim("case-03", "zhao");
    await page.getByText("现在由赵警官在办").waitFor();
    const asked = office.seen.filter((line) => line === "GET /v1/cases/case-03").length;
    expect(asked < 8, `a change is read once, not over and over: ${asked}`);
    await look.shot("lease-taken");
    office.put("case-03", { holder: null, holder_name: null, lease_until: null });
    await press(page, "c");
    await page.getByText("领办剩").waitFor();
    expect((await page.getByRole("textbox", { name: "办理意见" }).inputValue()) === NOTE, "the half-written note stayed");
  },

  heartbeat: async (look, office) => {
    const { page } = look;
    office.leaseSeconds = 20;
    await signIn(page, "wang");
    await openCode(page, "QX7N-C4DF");
    await press(page, "c");
    await page.getByText("领办剩").waitFor();
    const renewals = (): number => office.seen.filter((line) => line.endsWith("/renew")).length;
    await page.waitForTimeout(7_000);
    expect(renewals() === 0, "no sign of life while nobody touches the desk");
    for (let at = 0; at < 12 && renewals() === 0; at += 1) {
      await press(page, "j");
      await page.waitForTimeout(600);
    }
    expect(renewals() > 0, "touching the desk renews the lease");
  },

  conflict: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    await openCode(page, "7KQ4-M3XP");
    await press(page, "s");
    await page.getByText("理由 203").waitFor();
    await press(page, "2");
    await page.getByText("还差 1 样").waitFor();
    // Something changed, and the page has not heard of it yet.
    office.listeners.clear();
    office.put("case-03", { version: 7 });
    await press(page, "Control+Enter");
    await page.getByText("没有发出，您写的都还在。这件刚刚有了变化").waitFor();
    await look.shot("version-conflict");
    await look.check("version-conflict");
    expect(office.find("case-03").status === "accepted", "nothing was decided on an old version");
    await page.waitForTimeout(500);
    await press(page, "Control+Enter");
    await page.getByRole("heading", { name: "已退回补正" }).waitFor();
  },

  offline: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    await openCode(page, "7KQ4-M3XP");
    await drawn(page);
    await page.getByRole("textbox", { name: "办理意见" }).fill(NOTE);
    await press(page, "Escape");
    office.down = true;
    await page.getByText("待领", { exact: false }).first().click();
    await page.getByText("列表停在刚才的样子").waitFor();
    await press(page, "s");
    await page.getByText("理由清单没有取到").waitFor();
    await look.shot("offline");
    await look.check("offline");
    await press(page, "Escape");
    office.down = false;
    await page.getByRole("button", { name: "再试" }).first().click();
    await page.getByText("列表停在刚才的样子").waitFor({ state: "detached" });
    expect((await page.getByRole("textbox", { name: "办理意见" }).inputValue()) === NOTE, "the half-written note stayed");
  },

  session: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    await openCode(page, "7KQ4-M3XP");
    await page.getByRole("textbox", { name: "办理意见" }).fill(NOTE);
    await press(page, "Escape", "2", "s");
    await page.getByText("理由 203").waitFor();
    await press(page, "1");
    office.sessions.clear();
    office.changed();
    await page.getByText("登录已到期", { exact: true }).waitFor();
    await look.shot("session-ended");
    await look.check("session-ended");
    await page.getByLabel("密码", { exact: true }).fill("correct horse battery");
    await page.keyboard.press("Enter");
    await page.getByText("登录已到期", { exact: true }).waitFor({ state: "hidden" });
    await page.getByText("还差 1 样").waitFor();
    await look.shot("session-again");
    await press(page, "Escape");
    expect((await page.getByRole("textbox", { name: "办理意见" }).inputValue()) === NOTE, "the half-written note stayed");
    await page.locator(".paper.now", { hasText: "本人页" }).waitFor();
  },

  closed_case: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    await press(page, "/");
    await page.keyboard.type("M4AX-DY9F");
    await page.keyboard.press("Enter");
    await page.getByText("这件已经办结。为什么要看？").waitFor();
    await look.shot("reason");
    await look.check("reason");
    await page.getByLabel("查看理由").fill("当事人来问领取时间");
    await press(page, "Control+Enter");
    await page.getByText("只能看").waitFor();
    await drawn(page);
    await look.shot("closed-case");
    await look.check("closed-case");
    // A case that ends while somebody looks at it asks too; a look that was given up is not kept.
    await openCode(page, "QX7N-C4DF");
    const one = office.find("case-02");
    office.put("case-02", { status: "approved", word: "已办结", version: one.version + 1, deadline: { group: "ended", words: "已办结", on: null } });
    await page.getByText("这件已经办结。为什么要看？").waitFor();
    await look.shot("ended-while-open");
    // Whoever had it open goes on with keys: none of them is written as a reason.
    await press(page, "j");
    expect((await page.getByLabel("查看理由").inputValue()) === "", "no key became a letter of a reason");
    await press(page, "Escape");
    // One that went where this officer may not look says so.
    await openCode(page, "3FWR-X4K9");
    office.cases = office.cases.filter((each) => each.id !== "case-05");
    office.changed();
    await page.getByText("它可能已转到别的单位").waitFor();
    const looks = office.seen.filter((line) => line === "GET /v1/cases/case-05").length;
    expect(looks <= 2, `asked once more, not over and over: ${looks}`);
    await look.shot("gone-elsewhere");
    await press(page, "/");
    await page.keyboard.type("M4AX-DY9F");
    await page.keyboard.press("Enter");
    await page.getByText("这件已经办结。为什么要看？").waitFor();
  },

  empty: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    await press(page, "/");
    await page.keyboard.type("没有这个人");
    await page.getByText("没有符合筛选的办件").waitFor();
    await look.shot("nothing-found");
    await look.check("nothing-found");
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Backspace");
    await page.getByRole("option").first().waitFor();
    office.cases = [];
    office.changed();
    await page.getByText("现在没有办件").waitFor();
    await press(page, "Escape", "n");
    await page.getByText("现在没有待领的办件").waitFor();
    await look.shot("empty");
    await look.check("empty");
  },

  slow: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    office.latency = 1500;
    await press(page, "j", "Enter");
    await look.shot("opening");
    expect((await page.getByRole("option").count()) > 10, "the list stays while something loads");
  },
};
