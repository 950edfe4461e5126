// One Chromium with an empty profile, a page that reports every error, pictures, and axe.
import { createRequire } from "node:module";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";

const FLAGS = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export interface Found {
  scene: string;
  rule: string;
  impact: string;
  nodes: string[];
}

export class Look {
  readonly faults: string[] = [];
  readonly axe: Found[] = [];
  readonly pictures: string[] = [];
  private shots = 0;

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly profile: string,
    private readonly out: string,
  ) {}

  static async start(out: string, size: { width: number; height: number }): Promise<Look> {
    mkdirSync(out, { recursive: true });
    const profile = mkdtempSync(join(tmpdir(), "counter-look-"));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: FLAGS, viewport: size, locale: "zh-CN", timezoneId: "Asia/Shanghai",
      // axe is put into the page by the test itself; the page's own policy is watched through `faults`.
      bypassCSP: false,
    });
    const page = context.pages()[0] ?? (await context.newPage());
    const look = new Look(context, page, profile, out);
    page.setDefaultTimeout(8_000);
    page.on("pageerror", (error) => look.faults.push(`page: ${error.message}`));
    page.on("console", (line) => {
      const text = line.text();
      // Refusals of the office are part of the scenes; everything else on the console is a fault.
      if ((line.type() === "error" || line.type() === "warning") && !/status of 4\d\d|ERR_EMPTY_RESPONSE|ERR_CONNECTION|ERR_INTERNET/.test(text)) look.faults.push(`console: ${text.slice(0, 300)}`);
    });
    return look;
  }

  /** A picture of the screen, named in order. */
  async shot(name: string): Promise<void> {
    this.shots += 1;
    const file = join(this.out, `${String(this.shots).padStart(2, "0")}-${name}.png`);
    await this.page.screenshot({ path: file });
    this.pictures.push(file);
  }

  /** What axe finds serious or critical here. */
  async check(scene: string): Promise<void> {
    const source = (await import("node:fs")).readFileSync(AXE, "utf8");
    // Evaluated through the debugger, so the page's policy stays as strict as it is.
    await this.page.evaluate(source);
    const found = await this.page.evaluate(async () => {
      const axe = (window as unknown as { axe: { run: (root: Document, options: unknown) => Promise<{ violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe;
      return (await axe.run(document, { resultTypes: ["violations"] })).violations.map((one) => ({ id: one.id, impact: one.impact, nodes: one.nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 260)}`) }));
    });
    for (const one of found) this.axe.push({ scene, rule: one.id, impact: one.impact, nodes: one.nodes.slice(0, 4) });
  }

  async end(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}
