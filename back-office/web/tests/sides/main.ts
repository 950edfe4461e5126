// The officer's side of the errands that a robot walks at kiosks: each case is opened in the real workbench and its picture taken;
// where nothing was decided yet, the letter that the resident would read on acceptance is shown too, and the case is put back.
// Started by `yimen-demo --officer-side`: one JSON line first, one line a case, `{}` at the end; see `tests/src/officer_side.rs`.
import { createInterface } from "node:readline";
import { Officer } from "../day/officer";

interface Told {
  officer: { id: string; password: string };
  workbench: string;
  pictures: string;
}

interface Shown {
  picture: string;
  caption: string;
}

const OWN = "一句好记的话 031304";
const REASON = "演示报告要附上民警这一侧的画面。";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const first = await lines.next();
const told = JSON.parse(String(first.value)) as Told;
const officer = await Officer.arrive({ id: told.officer.id, name: told.officer.id }, told.workbench, `${told.pictures}/sign-in`);
await officer.signIn(told.officer.password, OWN, false);

/** The case is there, or the office asks why a closed one is opened. */
async function open(code: string): Promise<void> {
  const { page } = officer;
  await officer.press("/");
  await officer.type(code);
  await officer.press("Enter");
  const reason = page.getByLabel("查看理由");
  await page.locator(".case-facts").getByText(`${code.slice(0, 4)}-${code.slice(4)}`).or(reason).first().waitFor();
  if ((await reason.count()) > 0) {
    await reason.focus();
    await officer.type(REASON);
    await officer.press("Control+Enter");
    await officer.sees("只能看");
  }
  await officer.isOpen(code);
}

/** Services whose letter was shown: one of each is enough. */
const shownLetters = new Set<string>();

/** The letter on acceptance, once a service; the case is nobody's again afterwards. */
async function letter(name: string): Promise<Shown[]> {
  const { page } = officer;
  const service = await page.locator(".case-head h1").first().innerText();
  if (shownLetters.has(service) || (await page.getByText("还没有人领办").count()) === 0) return [];
  await officer.claim();
  const accept = page.locator(".four button:enabled").filter({ hasText: /^受理/ }).first();
  const shown: Shown[] = [];
  if ((await accept.count()) > 0) {
    await officer.press("a");
    await page.locator("article.letter h4").waitFor();
    shownLetters.add(service);
    shown.push(await picture(`${name}-2-letter`, "按 A 以前：居民会读到的受理通知"));
    await officer.press("Escape");
  }
  await officer.press("r");
  await officer.sees("再按一次 R");
  await officer.press("r");
  await officer.sees("还没有人领办");
  return shown;
}

async function picture(name: string, caption: string): Promise<Shown> {
  const file = `${name}.png`;
  await officer.page.screenshot({ path: `${told.pictures}/${file}` });
  return { picture: file, caption };
}

for (let line = await lines.next(); !line.done; line = await lines.next()) {
  const { journey, code } = JSON.parse(line.value) as { journey?: string; code?: string };
  if (journey === undefined || code === undefined) break;
  try {
    await open(code);
    await officer.page.waitForFunction(() => [...document.images].every((image) => image.complete));
    const shots = [await picture(`${journey}-1-case`, "民警在窗口打开这一件")];
    shots.push(...(await letter(journey)));
    console.log(JSON.stringify({ journey, shots }));
  } catch (error) {
    await officer.page.screenshot({ path: `${told.pictures}/${journey}-failed.png` }).catch(() => undefined);
    console.log(JSON.stringify({ journey, shots: [], error: error instanceof Error ? error.message.slice(0, 600) : String(error) }));
  }
  await officer.tidy();
}
await officer.end();
process.stdin.destroy();
