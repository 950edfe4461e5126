// The day, chapter by chapter. What one chapter leaves undone makes the result's `failed`; the others go on.
import { COUNTER } from "./counter";
import { askAgain, refuseToAccept, secondly, throughout } from "./desk";
import { grouped, type Officer } from "./officer";
import { atTheCounter, givenUp, halfDone } from "./openings";
import type { Runner, Told } from "./runner";

export interface Day {
  told: Told;
  runner: Runner;
  one: Officer;
  two: Officer;
  /** How each code ended. */
  ended: Map<string, "approved" | "refused" | "seen">;
  /** Approved by this officer, and waiting for another one. */
  waiting: { code: string; first: Officer }[];
  /** Cases that two officers approved. */
  pairs: number;
  /** What the office said about decisions that could not be made yet. */
  saidNotYet: string[];
  /** A resident is on the way with a supplement. */
  brought: Promise<unknown>;
}

export const SUPPLEMENTED = "12-id-lost-with-later";
const REFUSED = "68-hong-kong-tour";
export const RACED = "67-vehicle-licence";
const LEFT_LYING = "64-permit-endorsed";
const NOTE = "原件已看，合同下周补，先按";
const OWN = ["一句好记的话 031257", "另一句好记的话 031304"] as const;

export function expect(truth: boolean, words: string): void {
  if (!truth) throw new Error(`not so: ${words}`);
}

export function codeOf(day: Day, journey: string): string {
  const found = day.told.cases.find((one) => one.journey === journey);
  if (!found) throw new Error(`nothing was handed in by ${journey}`);
  return found.code;
}

/** A short name for pictures: the journey without its number. */
function nameOf(day: Day, code: string): string {
  return (day.told.cases.find((one) => one.code === code)?.journey ?? code).replace(/^\d+-/, "");
}

export async function approve(day: Day, officer: Officer, code: string): Promise<void> {
  const { said, waits } = await throughout(officer, nameOf(day, code));
  day.saidNotYet.push(...said);
  if (waits) day.waiting.push({ code, first: officer });
  else day.ended.set(code, "approved");
}

async function refuse(day: Day, officer: Officer, code: string): Promise<void> {
  await refuseToAccept(officer, "通行证的有效期只剩一个月，不够签注用。请先换发通行证。", "refuse-to-accept");
  day.ended.set(code, "refused");
}

/** Codes that are still to be worked through and that no chapter of their own waits for. */
function rest(day: Day): string[] {
  const own = [SUPPLEMENTED, LEFT_LYING];
  return day.told.cases.filter((one) => one.status !== "approved" && !day.ended.has(one.code) && !day.waiting.some(({ code }) => code === one.code) && !own.includes(one.journey)).map((one) => one.code);
}

export const DAY: Record<string, (day: Day) => Promise<void>> = {
  "sign in": async ({ told, one, two }) => {
    await two.tabTo(two.page.getByLabel("账号", { exact: true }));
    await two.type(two.id);
    await two.tabTo(two.page.getByLabel("密码", { exact: true }));
    await two.type("not this one");
    await two.press("Enter");
    await two.sees("账号或密码不对");
    await two.keep("sign-in-refused");
    await two.page.getByRole("button", { name: "登录" }).and(two.page.locator(":enabled")).waitFor();
    await one.signIn(told.officers[0]?.password ?? "", OWN[0]);
    await two.page.keyboard.press("Control+A");
    await two.signIn(told.officers[1]?.password ?? "", OWN[1]);
  },

  ...COUNTER.early,

  "two officers race": async (day) => {
    const code = codeOf(day, RACED);
    const both = [day.one, day.two];
    await Promise.all(both.map((officer) => officer.scan(code)));
    await Promise.all(both.map((officer) => officer.sees("还没有人领办")));
    await Promise.all(both.map((officer) => officer.press("c")));
    const told = await Promise.all(
      both.map(async (officer, at) => {
        const other = both[1 - at]?.name ?? "";
        const mine = officer.page.getByText("领办剩");
        const refused = officer.page.getByText(`${other}正在办这件。需要时请和${other}联系`);
        await mine.or(refused).first().waitFor();
        return (await mine.count()) > 0;
      }),
    );
    expect(told.filter((mine) => mine).length === 1, `exactly one got it: ${JSON.stringify(told)}`);
    const [winner, loser] = told[0] === true ? [day.one, day.two] : [day.two, day.one];
    await loser.look.shot("somebody-was-first");
    await loser.sees(`${winner.name}在办，到`);
    await loser.look.check("somebody-was-first");
    await winner.keep("claimed");
    await approve(day, winner, code);
    await loser.press("Escape");
  },

  "a claim left lying": async (day) => {
    await day.two.scan(codeOf(day, LEFT_LYING));
    await day.two.claim();
    await day.two.press("m");
    await day.two.type(NOTE);
    await day.two.press("Escape");
  },

  "returned for supplement": async (day) => {
    const { one } = day;
    const code = codeOf(day, SUPPLEMENTED);
    await one.scan(code);
    await one.claim();
    await askAgain(one, "户口簿", "return-for-supplement");
    // Somebody is at a kiosk with it while the day goes on.
    day.brought = day.runner.walk("supplement-asked-for", code);
    day.brought.catch(() => undefined);
  },

  "the most urgent one": async (day) => {
    const code = await day.one.claimNext();
    if (code === codeOf(day, REFUSED)) await refuse(day, day.one, code);
    else await approve(day, day.one, code);
  },

  "a claim that ran out": async (day) => {
    const { two } = day;
    const code = codeOf(day, LEFT_LYING);
    await two.page.getByText("领办已到期，现在没有人在办").waitFor({ timeout: (day.told.lease_seconds + 60) * 1000 });
    await two.keep("lease-ran-out");
    await two.claim();
    const note = two.page.getByRole("textbox", { name: "办理意见" });
    expect((await note.inputValue()) === NOTE, "the half-written note is still there");
    await two.press("m", "End");
    await two.type("容缺办。");
    await two.press("Escape");
    await approve(day, two, code);
  },

  "the others": async (day) => {
    for (const [at, code] of rest(day).entries()) {
      const officer = at % 2 === 0 ? day.one : day.two;
      await officer.scan(code);
      await officer.claim();
      if (code === codeOf(day, REFUSED)) await refuse(day, officer, code);
      else await approve(day, officer, code);
    }
    expect(day.saidNotYet.some((words) => words.includes("暂不能准予办结：")), `what is not checked yet is said in words: ${JSON.stringify(day.saidNotYet)}`);
  },

  "at the counter without a kiosk": async (day) => {
    await givenUp(day.two);
    const code = await atTheCounter(day.one);
    expect(!day.told.cases.some((one) => one.code === code), "it is a case of its own");
  },

  "a second officer agrees": async (day) => {
    for (const { code, first } of day.waiting) {
      // Whoever was first can do nothing more.
      await first.scan(code);
      await first.sees("请另一位同事来作第二次决定");
      await first.press("Escape");
      const other = first === day.one ? day.two : day.one;
      await other.scan(code);
      await other.claim();
      await secondly(other, nameOf(day, code));
      day.pairs += 1;
      day.ended.set(code, "approved");
    }
  },

  "a half-done visit": async (day) => {
    await halfDone(day.two, day.one, await day.runner.walk("half-done"));
  },

  "the supplement comes back": async (day) => {
    const code = codeOf(day, SUPPLEMENTED);
    await day.brought;
    await day.one.sees("补正已回");
    await day.one.keep("supplement-is-back");
    // It is the only one left; a colleague's hand does not get it yet.
    await day.two.press("n");
    await day.two.sees("现在没有待领的办件");
    await day.two.keep("kept-for-a-colleague");
    const next = await day.one.claimNext();
    expect(next === code, `the supplement comes to the officer who asked for it, but ${grouped(next)} came`);
    await approve(day, day.one, code);
    await day.one.press("n");
    await day.one.sees("现在没有待领的办件");
    await day.one.keep("nothing-left");
  },

  ...COUNTER.late,

  "certificates of the kiosk": async (day) => {
    for (const { code, journey, title } of day.told.cases.filter((one) => one.status === "approved")) {
      await day.two.press("/");
      await day.two.type(grouped(code));
      await day.two.press("Enter");
      await day.two.sees("这件已经办结。为什么要看？");
      await day.two.page.getByRole("heading", { level: 1, name: `${title} ${grouped(code)}` }).waitFor();
      await day.two.tabTo(day.two.page.getByLabel("查看理由"));
      await day.two.type("当事人来问证明上的字。");
      await day.two.keep(`${journey.replace(/^\d+-/, "")}-reason`);
      await day.two.press("Control+Enter");
      await day.two.sees("只能看");
      await day.two.isOpen(code);
      await day.two.keep(`${journey.replace(/^\d+-/, "")}-closed`);
      day.ended.set(code, "seen");
    }
  },
};
