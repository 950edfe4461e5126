// Scenes of openings: a service begun at the counter by keys alone, a half-done visit scanned, and what can go wrong on the way.
import type { StandinOffice } from "../standin/office";
import type { Look } from "./browser";
import { press, scan, signIn } from "./hand";
import { expect } from "./scenes";

const VISIT = "E4WT-RK93";

async function type(look: Look, text: string): Promise<void> {
  await look.page.keyboard.type(text);
}

/** Opens the list and begins the service these letters find. */
async function begin(look: Look, letters: string, title: string): Promise<void> {
  await press(look.page, "y");
  await look.page.getByLabel("找事项").waitFor();
  await type(look, letters);
  await press(look.page, "Enter");
  await look.page.getByRole("heading", { level: 1, name: title }).waitFor();
}

export const OPENINGS: Record<string, (look: Look, office: StandinOffice) => Promise<void>> = {
  opening: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    await press(page, "y");
    await page.getByText("给新生儿上户口").waitFor();
    await look.shot("chooser");
    await look.check("chooser");
    await type(look, "sfz");
    await page.getByText("给新生儿上户口").waitFor({ state: "detached" });
    await press(page, "ArrowDown", "ArrowUp");
    await look.shot("chooser-searched");
    await look.check("chooser-searched");
    await press(page, "Enter");
    await page.getByRole("heading", { level: 1, name: "居民身份证丢失补领" }).waitFor();
    await page.getByRole("radio", { name: "本人" }).and(page.locator(":focus")).waitFor();
    await look.shot("empty-form");
    await look.check("empty-form");
    await press(page, "Space", "Enter");
    await type(look, "林小满");
    await press(page, "Enter");
    await type(look, "33080219940521152");
    await press(page, "Enter");
    await page.getByText("身份证号是 18 位").first().waitFor();
    await type(look, "13800002046");
    await look.shot("wrong-number");
    await look.check("wrong-number");
    expect((await page.getByLabel("身份证号", { exact: true }).inputValue()) === "33080219940521152", "a wrong value is kept");
    await page.getByText("有 1 处要改").waitFor();
    await press(page, "Control+Enter");
    await page.getByRole("heading", { name: "丢失情况" }).waitFor();
    await page.locator(".ostep.wrong", { hasText: "申请人" }).waitFor();
    await press(page, "PageUp");
    await page.getByLabel("身份证号", { exact: true }).and(page.locator(":focus")).waitFor();
    await press(page, "End");
    await type(look, "8");
    await press(page, "Control+Enter");
    await page.getByRole("heading", { name: "丢失情况" }).waitFor();
    await page.locator(".ostep.done", { hasText: "申请人" }).waitFor();
    await press(page, "Space", "Enter");
    await type(look, "2026-11-20");
    await press(page, "Enter");
    await type(look, "云溪东站公交枢纽");
    await press(page, "Enter", "Enter");
    await page.getByText("石门镇").waitFor();
    await look.shot("long-choice");
    await type(look, "石门");
    await press(page, "Enter", "Control+Enter");
    await page.getByRole("heading", { name: "领取" }).waitFor();
    await press(page, "ArrowDown");
    await page.getByLabel("寄到哪里").waitFor();
    await press(page, "Enter");
    await type(look, "云溪市柳桥街道青禾路 66 号");
    await press(page, "Enter", "Space", "Enter", "Space");
    await page.locator(".opaper", { hasText: "签名" }).locator(".pill", { hasText: "在窗口办" }).waitFor();
    await look.shot("last-step");
    await look.check("last-step");
    await press(page, "Control+Enter");
    await page.getByText("请当面核对一遍").waitFor();
    await page.locator(".opaper.now", { hasText: "户口簿" }).waitFor();
    const file = page.waitForEvent("filechooser");
    await press(page, "s");
    await (await file).setFiles([1, 2].map((at) => ({ name: `page-${at}.jpg`, mimeType: "image/jpeg", buffer: Buffer.from(`page ${at}`) })));
    await page.getByText("已有 2 页").waitFor();
    await press(page, "Delete");
    await page.locator(".opaper", { hasText: "户口簿" }).getByText("还没有").waitFor();
    await press(page, "b");
    await page.locator(".opaper", { hasText: "户口簿" }).getByText("以后补").first().waitFor();
    await look.shot("papers");
    await look.check("papers");
    await press(page, "F9");
    await page.getByRole("group", { name: "还差什么" }).and(page.locator(":focus")).waitFor();
    await press(page, "2", "o");
    await page.locator(".opaper", { hasText: "现场相片" }).locator(".pill", { hasText: "在窗口办" }).waitFor();
    await press(page, "3", "o");
    await page.getByText("都齐了").waitFor();
    await look.shot("ready");
    await look.check("ready");
    await press(page, "F9");
    await page.getByText("领办剩").waitFor();
    await look.shot("is-a-case");
    expect(office.cases.some((one) => one.applicant === "林小满" && one.holder === "wang" && one.status === "delivered"), "it is a case in this officer's hands");
    await press(page, "Escape", "y");
    await page.getByText("给新生儿上户口").waitFor();
    expect((await page.getByText("我没办完的").count()) === 0, "what was submitted is not unfinished any more");
  },

  half_done: async (look) => {
    const { page } = look;
    await signIn(page, "wang");
    await scan(page, "E4WTRK93");
    await page.getByText("居民在机上办了一半").waitFor();
    await page.getByRole("heading", { name: "丢失情况" }).waitFor();
    await page.getByLabel("哪一天").and(page.locator(":focus")).waitFor();
    await look.shot("goes-on-where-it-stopped");
    await look.check("goes-on-where-it-stopped");
    await press(page, "PageUp");
    await page.getByText("居民已在机上填").nth(3).waitFor();
    await look.shot("answered-at-the-kiosk");
    await look.check("answered-at-the-kiosk");
    // The person's pictures from the machine, and the portrait that was taken there, large.
    await page.getByRole("group", { name: "人像" }).getByRole("img").nth(1).waitFor();
    await press(page, "2", "v");
    await page.locator(".opages img").waitFor();
    await page.getByText("第 1 / 1 页").waitFor();
    await look.shot("a-page-from-the-kiosk");
    await look.check("a-page-from-the-kiosk");
    await press(page, "Escape");
    await page.locator(".opages").waitFor({ state: "detached" });
    await press(page, "Escape", "Escape");
    await page.getByRole("heading", { name: "表还在，没有提交" }).waitFor();
    await look.shot("left");
    await look.check("left");
    await press(page, "y");
    await page.getByText("我没办完的").waitFor();
    await page.getByText("沈知秋").waitFor();
    await look.shot("chooser-with-mine");
    await look.check("chooser-with-mine");
    await press(page, "Enter");
    await page.getByRole("heading", { level: 1, name: "居民身份证丢失补领" }).waitFor();
    await page.reload();
    await page.getByText(VISIT).waitFor();
    await press(page, "Escape", "?");
    await page.getByText("开办（填表时）").waitFor();
    await look.shot("help");
    await look.check("help");
    await press(page, "Escape", "x");
    await page.getByText("再按一次 X").waitFor();
    await look.shot("give-up");
    await look.check("give-up");
    await press(page, "Escape");
    await page.getByText("再按一次 X").waitFor({ state: "detached" });
    await press(page, "x", "x");
    await page.getByRole("heading", { name: "已清掉，没有留下内容" }).waitFor();
    await press(page, "/");
    await type(look, VISIT);
    await press(page, "Enter");
    await page.getByText(`没有找到 ${VISIT}`).waitFor();
    await look.shot("unknown-code");
  },

  other_codes: async (look) => {
    const { page } = look;
    await signIn(page, "wang");
    await scan(page, "N9KDRT4F");
    await page.getByText("李警官正在填这一份").waitFor();
    await look.shot("in-other-hands");
    await scan(page, "C4FGHJK7");
    await page.getByRole("heading", { name: "身份证丢失补领", level: 1 }).waitFor();
  },

  opening_conflict: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    await begin(look, "csdj", "出生登记");
    await press(page, "Space", "Enter");
    await type(look, "严书宁");
    await press(page, "Enter");
    const [row] = office.openings.mine("wang").openings;
    if (!row) throw new Error("it is among the unfinished");
    await page.getByText("都已保存").waitFor();
    // The same officer in another tab.
    const other = office.openings.read("wang", row.id);
    office.openings.answer("wang", row.id, other.version, { phone: "13900001111", number: "330802199405211528" });
    await type(look, "330802199405211536");
    await press(page, "Enter");
    await page.getByText("这份表刚在别处改过").waitFor();
    await page.getByText("别处填的是“330802199405211528”").waitFor();
    expect((await page.getByLabel("身份证号", { exact: true }).inputValue()) === "330802199405211536", "what was typed stands");
    expect((await page.getByLabel("手机号").inputValue()) === "13900001111", "what was filled elsewhere is shown");
    await look.shot("version-conflict");
    await look.check("version-conflict");
    await page.getByRole("button", { name: "按我填的保存" }).focus();
    await press(page, "Enter");
    await page.getByText("都已保存").waitFor();
    expect(office.openings.find("wang", row.id).answers["number"] === "330802199405211536", "and is kept when the officer says so");
  },

  opening_offline: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    await begin(look, "jszdqhz", "驾驶证到期换证");
    await press(page, "Space", "Enter");
    await page.getByText("都已保存").waitFor();
    office.down = true;
    await type(look, "贺云舟");
    await press(page, "Enter");
    await page.getByText("您填的都还在。暂时连不上本局服务器").waitFor();
    await type(look, "330802199405211528");
    await look.shot("not-saved");
    await look.check("not-saved");
    await press(page, "Enter");
    await page.getByText("2 格还没有保存").waitFor();
    office.down = false;
    await type(look, "13800002046");
    await press(page, "Enter");
    await page.getByText("都已保存").waitFor();
    const [row] = office.openings.mine("wang").openings;
    const kept = office.openings.find("wang", row?.id ?? "");
    expect(kept.answers["name"] === "贺云舟" && kept.answers["phone"] === "13800002046", `all of it arrived: ${JSON.stringify(Object.keys(kept.answers))}`);
    office.sessions.clear();
    await page.getByLabel("申请人姓名").fill("贺云洲");
    await page.getByLabel("手机号").focus();
    await page.getByText("登录已到期", { exact: true }).waitFor();
    await page.getByLabel("密码", { exact: true }).fill("correct horse battery");
    await page.keyboard.press("Enter");
    await page.getByText("登录已到期", { exact: true }).waitFor({ state: "hidden" });
    expect((await page.getByLabel("申请人姓名").inputValue()) === "贺云洲", "what was typed outlives the session");
    await page.getByRole("button", { name: "再保存一次" }).click();
    await page.getByText("都已保存").waitFor();
  },

  without_right: async (look, office) => {
    const { page } = look;
    await signIn(page, "zhou");
    await press(page, "y");
    await scan(page, "E4WTRK93");
    await page.getByText("没有找到 E4WT-RK93").waitFor();
    expect((await page.getByRole("dialog").count()) === 0 && !office.seen.some((line) => line.includes("openings")), "nothing of openings without the right");
  },
};
