// One officer before one screen: keys only, a picture and a look by axe now and then, and a count of what a mouse would have done.
import type { Locator, Page } from "playwright-core";
import { Look } from "../look/browser";
import { drawn, press, scan } from "../look/hand";

/** How long somebody waits for the page; the machine may be busy with other things. */
const PATIENCE_MS = 40_000;
const FIELDS = 14;

export class Officer {
  private constructor(
    readonly id: string,
    readonly name: string,
    readonly look: Look,
  ) {}

  static async arrive(who: { id: string; name: string }, address: string, pictures: string): Promise<Officer> {
    const look = await Look.start(`${pictures}/${who.id}`, { width: 1440, height: 900 });
    look.page.setDefaultTimeout(PATIENCE_MS);
    await look.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await look.context.addInitScript(() => {
      const seen = window as unknown as { pointers: number; prints: number };
      seen.pointers = 0;
      seen.prints = 0;
      // There is no printer; what it would get is looked at as a picture.
      window.print = () => (seen.prints += 1);
      for (const name of ["pointerdown", "mousedown", "touchstart"]) window.addEventListener(name, () => (seen.pointers += 1), true);
    });
    await look.page.goto(address);
    return new Officer(who.id, who.name, look);
  }

  get page(): Page {
    return this.look.page;
  }

  /** How often a pointer was used: never. */
  pointers(): Promise<number> {
    return this.page.evaluate(() => (window as unknown as { pointers: number }).pointers);
  }

  /** After the count itself was tried. */
  forgetPointers(): Promise<void> {
    return this.page.evaluate(() => void ((window as unknown as { pointers: number }).pointers = 0));
  }

  press(...keys: string[]): Promise<void> {
    return press(this.page, ...keys);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Goes on with Tab until this has the focus. */
  async tabTo(target: Locator): Promise<void> {
    await target.waitFor();
    for (let at = 0; at < FIELDS; at += 1) {
      if (await target.evaluate((one) => one === document.activeElement)) return;
      await this.press("Tab");
    }
    throw new Error(`Tab does not come to ${String(target)}`);
  }

  /** Waits for words on the page. */
  async sees(words: string | RegExp): Promise<void> {
    await this.page.getByText(words).first().waitFor();
  }

  async heading(words: string): Promise<void> {
    await this.page.getByRole("heading", { name: words }).first().waitFor();
  }

  /** A picture, and what axe says of this screen. */
  async keep(name: string): Promise<void> {
    await drawn(this.page);
    await this.look.shot(name);
    await this.look.check(name);
  }

  /** First sign-in with the password on the slip, which is changed at once. */
  async signIn(slip: string, own: string, kept = true): Promise<void> {
    await this.page.getByLabel("账号", { exact: true }).waitFor();
    if (kept) await this.keep("sign-in");
    await this.tabTo(this.page.getByLabel("账号", { exact: true }));
    await this.type(this.id);
    await this.tabTo(this.page.getByLabel("密码", { exact: true }));
    await this.type(slip);
    await this.press("Enter");
    await this.page.getByLabel("现在的密码").waitFor();
    if (kept) await this.keep("one-time-password");
    await this.tabTo(this.page.getByLabel("现在的密码"));
    await this.type(slip);
    await this.tabTo(this.page.getByLabel("新密码，至少"));
    await this.type(own);
    await this.tabTo(this.page.getByLabel("新密码，再填"));
    await this.type(own);
    await this.press("Enter");
    await this.page.getByRole("option").first().waitFor();
    if (kept) await this.keep("queue");
  }

  /** Opens a case by its code, as a scanner types it. */
  async scan(code: string): Promise<void> {
    await scan(this.page, code);
    await this.isOpen(code);
  }

  /** The case of this code is the open one. */
  async isOpen(code: string): Promise<void> {
    await this.page.locator(".case-facts").getByText(grouped(code)).waitFor();
  }

  async claim(): Promise<void> {
    await this.press("c");
    await this.sees("领办剩");
  }

  /** Claims the most urgent one; says its code. */
  async claimNext(): Promise<string> {
    await this.press("n");
    await this.sees("领办剩");
    const words = await this.page.locator(".case-facts strong").first().innerText();
    return words.replace(/[^0-9A-Z]/g, "");
  }

  /** Closes what is open, whatever it is: the way back after something went wrong. */
  async tidy(): Promise<void> {
    await this.press("Escape", "Escape", "Escape");
  }

  end(): Promise<void> {
    return this.look.end();
  }
}

/** A code as it stands on screens. */
export function grouped(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}
