// The screens one after another. Each scene starts on the sign-in page with a fresh stand-in.
import type { StandinOffice } from "../standin/office";
import type { Look } from "./browser";
import { drawn, openCode, press, scan, signIn } from "./hand";
import { OPENINGS } from "./openings";
import { COUNTER } from "./counter";
import { TROUBLE } from "./trouble";

type Scene = (look: Look, office: StandinOffice) => Promise<void>;

const FIRST = "7KQ4-M3XP";

export function expect(truth: boolean, words: string): void {
  if (!truth) throw new Error(`not so: ${words}`);
}

export const SCENES: Record<string, Scene> = {
  door: async (look, office) => {
    const { page } = look;
    await page.getByLabel("账号", { exact: true }).waitFor();
    await look.shot("sign-in");
    await look.check("sign-in");
    await page.getByLabel("账号", { exact: true }).fill("wang");
    await page.getByLabel("密码", { exact: true }).fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("账号或密码不对").waitFor();
    await look.shot("sign-in-refused");
    await look.check("sign-in-refused");
    expect(office.wrong === 1, "the office counted one wrong try");
    await page.getByRole("button", { name: "登录" }).waitFor();
    await page.getByLabel("账号", { exact: true }).fill("sun");
    await page.getByLabel("密码", { exact: true }).fill("correct horse battery");
    await page.keyboard.press("Enter");
    await page.getByLabel("现在的密码").fill("correct horse battery");
    await page.getByLabel("新密码，至少 10 位").fill("short");
    await page.keyboard.press("Enter");
    await page.getByText("新密码至少 10 位。").waitFor();
    await look.shot("new-password");
    await look.check("new-password");
    await page.getByLabel("新密码，至少 10 位").fill("a longer password");
    await page.getByLabel("新密码，再填一次").fill("a longer password");
    await page.keyboard.press("Enter");
    await page.getByRole("option").first().waitFor();
  },

  workbench: async (look) => {
    const { page } = look;
    await signIn(page, "wang");
    await look.shot("nothing-open");
    await look.check("nothing-open");
    await press(page, "j", "j");
    await press(page, "Enter");
    await page.getByRole("heading", { name: "身份证丢失补领", level: 1 }).waitFor();
    await press(page, "2");
    await drawn(page);
    await press(page, "p", "Enter");
    await page.getByRole("button", { name: "是同一人", pressed: true }).waitFor();
    await page.locator("body").click({ position: { x: 700, y: 880 } });
    await look.shot("workbench");
    await look.check("workbench");
    await press(page, "+", "+", "]");
    await look.shot("zoomed-turned");
    await press(page, "0", "[", "b");
    await drawn(page);
    await look.shot("side-by-side");
    await look.check("side-by-side");
    await press(page, "b", "1", "o");
    await page.getByRole("button", { name: "撤销核对" }).waitFor();
    await press(page, "i");
    await page.getByText("330802199405211528").waitFor();
    await look.shot("checked-and-number");
    await press(page, "?");
    await page.getByText("再按一次确认").first().waitFor();
    await look.shot("help");
    await look.check("help");
    await press(page, "Escape", "f");
    await page.getByText("含已办结").waitFor();
    await look.shot("filter");
    await look.check("filter");
  },

  erased: async (look) => {
    const { page } = look;
    await signIn(page, "wang");
    await press(page, "f");
    await page.getByText("含已办结").click();
    const row = page.getByRole("option").filter({ hasText: "已销毁" });
    await row.waitFor();
    await row.scrollIntoViewIfNeeded();
    await look.shot("erased-in-list");
    await look.check("erased-in-list");
    await row.click();
    await page.getByRole("status").getByText("已按保存期限销毁").waitFor();
    await look.shot("erased");
    await look.check("erased");
    await page.getByRole("button", { name: "回到队列" }).click();
    await page.getByText("已按保存期限销毁").waitFor({ state: "detached" });
  },

  approve: async (look) => {
    const { page } = look;
    await signIn(page, "wang");
    await openCode(page, FIRST);
    await page.getByText("还有 3 项未核").waitFor();
    await press(page, "p", "Enter");
    await page.getByText("还有 2 项未核").waitFor();
    await press(page, "m");
    await page.keyboard.type("同意补领。原证今日挂失，居住证容缺至 12 月 4 日。");
    await press(page, "Escape", " ");
    await page.getByText("还有 1 项未核").waitFor();
    await press(page, " ");
    await page.getByRole("button", { name: /^check 准予办结/ }).and(page.locator(":enabled")).waitFor();
    await press(page, "a");
    await page.getByText("再按一次 A").waitFor();
    await page.getByText("您的申请已同意").waitFor();
    await look.shot("approve");
    await look.check("approve");
    await press(page, "a");
    await page.getByRole("heading", { name: "已准予办结" }).waitFor();
    await look.shot("approved");
    await look.check("approved");
  },

  accept: async (look) => {
    const { page } = look;
    await signIn(page, "wang");
    await press(page, "n");
    await page.getByRole("heading", { name: "交通违法异议申请", level: 1 }).waitFor();
    await page.getByRole("button", { name: /^check 受理/ }).and(page.locator(":enabled")).waitFor();
    await press(page, "a");
    await page.getByText("您的申请已受理").waitFor();
    await look.shot("accept");
    await press(page, "a");
    await page.getByText("公开状态：已受理").waitFor();
    await page.getByText("暂不能准予办结").waitFor();
    await look.shot("accepted-goes-on");
    await look.check("accepted-goes-on");
  },

  supplement: async (look) => {
    const { page } = look;
    await signIn(page, "wang");
    await openCode(page, FIRST);
    await press(page, "s");
    await page.getByText("缺什么、错在哪").waitFor();
    await page.getByText("理由 203").waitFor();
    await look.shot("supplement-empty");
    await press(page, "1", "2");
    await page.getByText("还差 2 样，补齐就能继续办").waitFor();
    await page.getByText("期限是工作日。").waitFor();
    await look.shot("supplement");
    await look.check("supplement");
    await press(page, "/");
    await page.keyboard.type("fanguang");
    await page.getByText("眼镜反光").waitFor();
    await look.shot("supplement-filter");
    await press(page, "Enter");
    await page.getByText("还差 3 样").waitFor();
    await press(page, "Escape");
    await page.getByText("缺什么、错在哪").waitFor({ state: "detached" });
    await press(page, "s");
    await page.getByText("还差 3 样").waitFor();
    await press(page, "Control+Enter");
    await page.getByRole("heading", { name: "已退回补正" }).waitFor();
    await look.shot("supplement-sent");
  },

  refuse: async (look) => {
    const { page } = look;
    await signIn(page, "wang");
    await openCode(page, FIRST);
    await press(page, "x");
    await page.getByLabel("理由").fill("登记地址与户口簿不一致，本人书面说明不能核实。");
    await page.getByText("这次没有同意").waitFor();
    await look.shot("reject");
    await look.check("reject");
    await press(page, "Control+Enter");
    await page.getByText("再按一次 Ctrl Enter").waitFor();
    await press(page, "Escape", "t");
    await page.getByRole("radio", { name: "交管" }).waitFor();
    await press(page, " ", "Tab");
    await page.keyboard.type("涉及驾驶证信息更正，请交管核对。");
    await page.getByText("您的申请转到另一条业务线").waitFor();
    await look.shot("transfer");
    await look.check("transfer");
    await press(page, "Escape", "g");
    await page.getByRole("radio", { name: /李警官/ }).waitFor();
    await press(page, "2");
    await look.shot("assign");
    await look.check("assign");
    await press(page, "Escape", "r");
    await page.getByText("再按一次 R").waitFor();
    await look.shot("release");
    await look.check("release");
    await press(page, "r");
    await page.getByText("还没有人领办。").waitFor();
    await look.shot("released");
    await press(page, "c");
    await page.getByText("领办剩").waitFor();
    await press(page, "x");
    expect((await page.getByLabel("理由").inputValue()).startsWith("登记地址"), "the half-written reason is still there after release and claim");
    await press(page, "Control+Enter", "Control+Enter");
    await page.getByRole("heading", { name: "已不予批准" }).waitFor();
  },

  scanner: async (look) => {
    const { page } = look;
    await signIn(page, "wang");
    await openCode(page, FIRST);
    await scan(page, "R9XTMWQ3");
    await page.getByRole("heading", { name: "驾驶证到期换证", level: 1 }).waitFor();
    expect((await page.getByRole("dialog").count()) === 0, "no letter of the code opened a dialog");
    await look.shot("scanned");
    await scan(page, "https://yimen.example/r/ACDE-FG79");
    await page.getByText("没有找到 ACDE-FG79").waitFor();
  },

  two_persons: async (look) => {
    const { page } = look;
    await signIn(page, "wang");
    await openCode(page, "P3HY-TKC4");
    await page.getByText("李警官").first().waitFor();
    await press(page, "c");
    await page.getByText("领办剩").waitFor();
    await look.shot("second-person");
    await look.check("second-person");
    await press(page, "p", "Enter", "Escape");
    await page.getByText("还有 2 项未核").waitFor();
    await page.locator("body").click({ position: { x: 700, y: 880 } });
    await press(page, " ");
    await page.getByText("还有 1 项未核").waitFor();
    await press(page, " ");
    await press(page, "a");
    await page.getByText("您确认后就生效").waitFor();
    await look.shot("second-person-approve");
    await press(page, "a");
    await page.getByRole("heading", { name: "已准予办结" }).waitFor();
  },
  ...OPENINGS,
  ...COUNTER,
  ...TROUBLE,
};
