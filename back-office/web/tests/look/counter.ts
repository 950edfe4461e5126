// Screens beside the queue: numbers, issuing, collection, figures, PDF papers, what stood before a supplement.
import type { StandinOffice } from "../standin/office";
import { freshDetail } from "../standin/details";
import type { Look } from "./browser";
import { drawn, openCode, press, scan, signIn } from "./hand";
import { expect } from "./scenes";

type Scene = (look: Look, office: StandinOffice) => Promise<void>;

/** Brings a case to its approval, the way of the scene "approve". */
async function approve(look: Look): Promise<void> {
  const { page } = look;
  await openCode(page, "7KQ4-M3XP");
  await press(page, "p", "Enter");
  await page.getByText("还有 2 项未核").waitFor();
  await page.locator("body").click({ position: { x: 700, y: 880 } });
  await press(page, " ");
  await page.getByText("还有 1 项未核").waitFor();
  await press(page, " ");
  await page.getByRole("button", { name: /^check 准予办结/ }).and(page.locator(":enabled")).waitFor();
  await press(page, "a");
  await page.getByText("您的申请已同意").waitFor();
  await press(page, "a");
  await page.getByRole("heading", { name: "已准予办结" }).waitFor();
}

/** What is on the clipboard; the browser asks nobody here. */
async function clipboard(look: Look): Promise<string> {
  await look.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  return look.page.evaluate(() => navigator.clipboard.readText());
}

export const COUNTER: Record<string, Scene> = {
  tickets: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    await press(page, "q");
    await page.getByRole("heading", { name: "叫号", level: 1 }).waitFor();
    await page.getByRole("option").first().waitFor();
    await look.shot("tickets");
    await look.check("tickets");
    await press(page, "n");
    await page.locator(".ticket-number", { hasText: "B011" }).waitFor();
    await page.getByRole("button", { name: "再叫一次" }).waitFor();
    expect(office.counter.tickets.find((one) => one.number === "B011")?.state === "called", "the longest waiting was called");
    await page.getByRole("button", { name: "未到" }).and(page.locator(":disabled")).waitFor();
    await press(page, "x");
    expect(office.counter.tickets.find((one) => one.number === "B011")?.state === "called", "not come is not offered before three calls");
    await press(page, "c");
    await page.getByText("叫了 2 次").first().waitFor();
    await press(page, "c");
    await page.getByText("叫了 3 次").first().waitFor();
    await press(page, "x");
    await page.getByText("再按一次 X").waitFor();
    await look.shot("no-show-asks");
    await look.check("no-show-asks");
    await press(page, "x");
    await page.getByRole("button", { name: "再叫这个号" }).waitFor();
    await look.shot("no-show");
    await press(page, "v");
    await page.getByLabel(/请人到哪个窗口/).waitFor();
    await look.shot("window");
    await look.check("window");
    await page.keyboard.type("5");
    await press(page, "Enter");
    await page.getByText("5 号窗口").first().waitFor();
    await press(page, "n");
    await page.locator(".ticket-number", { hasText: "A027" }).waitFor();
    expect(office.counter.tickets.find((one) => one.number === "A027")?.window === "5", "called to the window that was chosen");
    await press(page, "Enter");
    await page.getByRole("heading", { name: "居住证补领", level: 1 }).waitFor();
    await press(page, "q", "s");
    await page.locator(".ticket-number", { hasText: "A024" }).or(page.locator(".ticket-number", { hasText: "A027" })).first().waitFor();
    await press(page, "?");
    await page.getByText("叫等得最久的一个号").waitFor();
    await look.shot("help");
    await look.check("help");
  },

  drawn_number: async (look) => {
    const { page } = look;
    await signIn(page, "wang");
    await openCode(page, "QX7N-C4DF");
    await press(page, "d");
    await page.getByText("已取号 A032").waitFor();
    await page.getByText("排号 A032").waitFor();
    await look.shot("number-drawn");
    const [toast, head] = await Promise.all([page.locator(".ant-message-notice-content").boundingBox(), page.locator(".case-head").boundingBox()]);
    expect(toast !== null && head !== null && toast.y > head.y + head.height, "words that come and go do not cover the head of the case");
  },

  issue_credential: async (look, office) => {
    const { page } = look;
    await look.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await signIn(page, "wang");
    await approve(look);
    await look.shot("approved");
    await press(page, "e");
    await page.getByText("申请人姓名").waitFor();
    await look.shot("issue");
    await look.check("issue");
    await press(page, "y");
    await page.getByText("已复制：申请人姓名。下一项：申请人身份证号。").waitFor();
    expect((await clipboard(look)) === "林小满", "the name is on the clipboard");
    await press(page, "y");
    await page.getByText("已复制：申请人身份证号。").waitFor();
    expect((await clipboard(look)) === "330802199405211528", "the number is on the clipboard");
    await press(page, "j", "k", "y", "y", "y");
    await page.getByText("全部复制过了").waitFor();
    await press(page, "e");
    await page.keyboard.type("3308220261122031");
    await look.shot("issue-copied");
    await look.check("issue-copied");
    await press(page, "Control+Enter");
    await page.getByRole("heading", { name: "已发证，在领取台" }).waitFor();
    await look.shot("issued");
    await look.check("issued");
    expect(office.counter.copies === 1, `what is copied is read once: ${office.counter.copies}`);
    await press(page, "Escape", "l");
    await page.getByRole("option", { name: /身份证丢失补领/ }).first().waitFor();
  },

  issue_certificate: async (look, office) => {
    const { page } = look;
    await page.addInitScript(() => {
      (window as unknown as { prints: number }).prints = 0;
      window.print = () => ((window as unknown as { prints: number }).prints += 1);
    });
    await page.reload();
    await signIn(page, "wang");
    office.put("case-04", { status: "approved", word: "已办结", deadline: { group: "ended", words: "今日办结", on: null } });
    office.counter.approved(office.find("case-04"));
    await press(page, "l");
    await page.getByRole("option", { name: /委托代查犯罪记录/ }).first().waitFor();
    await look.shot("to-issue");
    await press(page, "Enter");
    await page.getByRole("button", { name: /出具证明/ }).waitFor();
    await look.shot("certificate-before");
    await look.check("certificate-before");
    await press(page, "Control+Enter");
    await page.locator("canvas[data-ready=true]").first().waitFor();
    await look.shot("certificate");
    await look.check("certificate");
    await press(page, "d");
    await page.waitForFunction(() => (window as unknown as { prints: number }).prints === 1);
    expect(await page.evaluate(() => { const sheet = document.querySelector<HTMLImageElement>("#paper-to-print img"); return sheet !== null && sheet.naturalWidth === 2480; }), "the sheet is drawn for a printer");
    await page.emulateMedia({ media: "print" });
    await look.shot("on-paper");
    await page.emulateMedia({ media: null });
    await press(page, "r");
    await page.getByLabel("为什么补打").waitFor();
    await page.keyboard.type("打印机卡纸，第一张作废");
    await look.shot("reprint");
    await look.check("reprint");
    await press(page, "Control+Enter");
    await page.waitForFunction(() => (window as unknown as { prints: number }).prints === 2);
    expect(office.counter.reasons.join() === "打印机卡纸，第一张作废", "the reason came to the office");
  },

  collect: async (look, office) => {
    const { page } = look;
    await signIn(page, "wang");
    await press(page, "l");
    await page.getByRole("option").first().waitFor();
    await look.shot("collect");
    await look.check("collect");
    await press(page, "/");
    await page.keyboard.type("N7WP-XTA3");
    await press(page, "Enter");
    await page.waitForFunction(() => document.querySelectorAll("main.collect [role=option]").length === 0);
    await page.getByRole("button", { name: "看全部" }).waitFor();
    await look.shot("collect-nothing");
    await scan(page, "T9RQYF4C");
    await page.getByRole("heading", { name: "居住证签注", level: 2 }).waitFor();
    await press(page, "c");
    await page.getByText("还要核对身份。").waitFor();
    await press(page, "2");
    await page.getByLabel(/代领人和委托书/).fill("配偶，凭 11 月 20 日委托书");
    await look.shot("hand-over");
    await look.check("hand-over");
    await press(page, "Control+Enter");
    expect(office.counter.rows.find((one) => one.code === "T9RQYF4C")?.state === "ready", "nothing is handed over before the identity is checked");
    await page.getByRole("checkbox", { name: /已看代领人身份证和委托书/ }).focus();
    await press(page, " ");
    await page.getByText("请领取人在领取登记上签字后再按。").waitFor();
    await press(page, "Control+Enter");
    await page.getByText("已领走，记下了。").waitFor();
    expect(office.counter.rows.find((one) => one.code === "T9RQYF4C")?.state === "collected", "handed over");
    await press(page, "/");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("YX2026-000831");
    await press(page, "Enter");
    await page.getByRole("heading", { name: "无犯罪记录证明", level: 2 }).waitFor();
    await press(page, "p");
    await page.getByLabel(/运单号/).waitFor();
    await page.keyboard.type("1098200377420");
    await look.shot("post");
    await look.check("post");
    await press(page, "Control+Enter");
    await page.getByText("已寄出，记下了。").waitFor();
    await press(page, "f", "f", "f", "f");
    await page.getByText("1098200377420").first().waitFor();
    await look.shot("posted");
    await press(page, "o");
    await page.getByText("这件已经办结。为什么要看？").or(page.getByRole("region", { name: "办件与材料" })).first().waitFor();
  },

  report: async (look) => {
    const { page } = look;
    await signIn(page, "wang");
    await press(page, "u");
    await page.getByText("52.97 %").waitFor();
    await page.getByText("171.79 %").waitFor();
    await look.shot("report");
    await look.check("report");
    await press(page, "j", "j", "j", "j");
    await look.shot("report-below");
    const [file] = await Promise.all([page.waitForEvent("download"), press(page, "d")]);
    expect(/^volume-\d{4}-01-01-.*\.csv$/.test(file.suggestedFilename()), `the table is taken: ${file.suggestedFilename()}`);
    await press(page, "p");
    await page.getByLabel("从哪天").fill("2026-12-31");
    await page.getByText("起日在止日之后").waitFor();
    await look.shot("report-period");
    await look.check("report-period");
  },

  not_a_supervisor: async (look) => {
    const { page } = look;
    await signIn(page, "li");
    await press(page, "u");
    expect((await page.getByRole("link", { name: "督导" }).count()) === 0, "who may not read figures has no page for them");
    await page.getByRole("region", { name: "队列" }).waitFor();
  },

  pdf: async (look, office) => {
    const { page } = look;
    const detail = freshDetail(office.find("case-03"));
    const pdf = { attachment: "proof.pdf", media_type: "application/pdf", size: 20_000 };
    office.details.set("case-03", {
      ...detail,
      papers: detail.papers.map((paper) => (paper.key === "residence-permit" ? { ...paper, state: "present", due: null, pages: [pdf] } : paper)),
    });
    await signIn(page, "wang");
    await openCode(page, "7KQ4-M3XP");
    await press(page, "5");
    await page.locator("canvas[data-ready=true]").nth(2).waitFor();
    // Middle of the scanner's square on the first page: black on white paper.
    const dark = await page.locator("canvas[data-ready=true]").first().evaluate((canvas) => {
      const own = canvas as HTMLCanvasElement;
      const at = (x: number, y: number): number => own.getContext("2d")?.getImageData((x / 595) * own.width, (1 - y / 842) * own.height, 1, 1).data[0] ?? -1;
      return { square: at(150, 140), paper: at(95, 85) };
    });
    expect(dark.square < 40 && dark.paper > 215, `what a scanner packs is drawn: ${JSON.stringify(dark)}`);
    await look.shot("pdf");
    await look.check("pdf");
    await press(page, "+", "+", "]");
    await page.waitForFunction(() => document.querySelectorAll("canvas[data-ready=true]").length === 3);
    await look.shot("pdf-turned");
  },

  earlier: async (look, office) => {
    const { page } = look;
    const detail = freshDetail(office.find("case-03"));
    office.details.set("case-03", {
      ...detail,
      earlier: [{ at: new Date(Date.now() - 3_600_000).toISOString(), answers: [
        { id: "where", label: "丢失地点", value: "不记得", pages: [] },
        { id: "book-first", label: "户口簿 · 首页", value: "", pages: [{ attachment: "book-own-2", media_type: "image/svg+xml", size: 1 }] },
      ] }],
    });
    await signIn(page, "wang");
    await openCode(page, "7KQ4-M3XP");
    await page.getByText(/补正前（.*改）：不记得/).waitFor();
    await press(page, "1", "b");
    await page.getByText("补正前 · 户口簿 · 首页").waitFor();
    await drawn(page);
    await look.shot("earlier");
    await look.check("earlier");
  },
};
