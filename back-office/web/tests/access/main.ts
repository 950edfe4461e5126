// Officers' own access at the real office, in a real browser: passkeys with Chromium's virtual authenticator (added, used, replayed,
// copied), proving again before a decision, the second factor, and the way through an OpenID Connect provider, which runs here.
// Started by `back-office/tests/access_browser.rs`: prints `{"issuer"}`, gets one JSON line, ends with one JSON object.
import { createHmac } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";
import type { CDPSession, Locator, Page } from "playwright-core";
import { Look } from "../look/browser";
import { drawn, press } from "../look/hand";

interface Told {
  workbench: string;
  pictures: string;
  officer: { id: string; password: string };
  /** Enrolled with this subject; signs in through the provider only. */
  subject: string;
  case: { code: string };
}

const say = (value: unknown): boolean => process.stdout.write(`${JSON.stringify(value)}\n`);
const done: string[] = [];
const failed: string[] = [];
const holds = (what: string, right: boolean): void => {
  (right ? done : failed).push(what);
};

let answer: RequestListener = (_, response) => response.writeHead(503).end();
const server = createServer((request, response) => answer(request, response));
await new Promise<void>((open) => server.listen(0, "127.0.0.1", open));
const at = server.address();
const issuer = `http://127.0.0.1:${typeof at === "object" && at !== null ? at.port : 0}`;
say({ issuer });
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const told = JSON.parse(String((await lines.next()).value)) as Told;

const provider = new Provider(issuer, {
  clients: [{
    client_id: "yimen", client_secret: "a secret of this office and its provider",
    redirect_uris: [`${told.workbench}/v1/session/provider/return`], response_types: ["code"], grant_types: ["authorization_code"],
  }],
  pkce: { required: () => true },
  cookies: { keys: ["only for this test"] },
});
answer = provider.callback();

const look = await Look.start(told.pictures, { width: 1366, height: 768 });
const { page, context } = look;
page.setDefaultTimeout(40_000);

// The provider's own pages ask for a font from far away; nothing here leaves this machine.
await context.route((url) => !["localhost", "127.0.0.1"].includes(url.hostname), (route) => route.fulfill({ status: 200, body: "" }));

interface Sent {
  path: string;
  body: string;
}
const sent: Sent[] = [];
page.on("request", (request) => {
  if (request.method() === "POST") sent.push({ path: new URL(request.url()).pathname, body: request.postData() ?? "" });
});
const last = (path: string): string => [...sent].reverse().find((one) => one.path === path)?.body ?? "";

/** Sends something to the office from the page, as a thief with the same browser would. */
const post = (target: Page, path: string, body: string): Promise<{ status: number; kind: string }> =>
  target.evaluate(
    async ([path, body]) => {
      const answer = await fetch(path ?? "", { method: "POST", body, headers: { "content-type": "application/json", "x-yimen": "1" } });
      const value = (await answer.json().catch(() => ({}))) as { type?: string };
      return { status: answer.status, kind: (value.type ?? "").split(":").pop() ?? "" };
    },
    [path, body] as const,
  );

const dialog = page.getByRole("dialog", { name: "再证明一次是您本人" });
const keep = async (name: string): Promise<void> => {
  await drawn(page);
  await look.shot(name);
  await look.check(name);
};

/** Presses a key until it has its effect: a busy machine may draw the page some time after it is there. */
async function pressUntil(key: string, seen: Locator): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    await press(page, key);
    if (await seen.first().waitFor({ timeout: 2_000 }).then(() => true, () => false)) return;
  }
  throw new Error(`the key ${key} has no effect`);
}

async function signIn(code = ""): Promise<void> {
  await page.getByLabel("账号", { exact: true }).fill(told.officer.id);
  await page.getByLabel("密码", { exact: true }).fill(told.officer.password);
  if (code !== "") await page.locator("#sign-in-code").fill(code);
  await page.keyboard.press("Enter");
  await page.getByRole("navigation", { name: "主要页面" }).waitFor();
}

async function leave(): Promise<void> {
  await page.getByRole("button", { name: "退出" }).click();
  await page.getByLabel("账号", { exact: true }).waitFor();
}

async function prove(): Promise<void> {
  await dialog.waitFor();
  await dialog.getByLabel("密码", { exact: true }).fill(told.officer.password);
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
}

/** The device of the desk: finds its keys by itself and knows its person. */
async function device(cdp: CDPSession): Promise<string> {
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  return authenticatorId;
}

/** A code as a device makes it (RFC 6238). */
function totp(secret: string, step: number): string {
  const bits = [...secret.replace(/\s/g, "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac("sha1", bytes).update(counter).digest();
  return String((hash.readUInt32BE((hash[19] ?? 0) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function passkeys(): Promise<void> {
  const cdp = await context.newCDPSession(page);
  const id = await device(cdp);
  await page.goto(told.workbench);
  await page.getByRole("button", { name: "用通行密钥登录" }).waitFor();
  await keep("sign-in");
  await signIn();
  await pressUntil("z", page.getByRole("heading", { name: "我的登录" }));
  await page.getByText("还没有。登记以后").waitFor();
  await keep("account-empty");
  await page.getByRole("button", { name: "登记一把通行密钥" }).click();
  await dialog.waitFor();
  await keep("prove");
  await prove();
  await page.getByText("通行密钥已登记。").waitFor();
  await page.getByRole("button", { name: "改名" }).click();
  await page.locator("#passkey-name").fill("三号窗口的电脑");
  await page.keyboard.press("Enter");
  await page.getByText("三号窗口的电脑").waitFor();
  holds("a passkey is added after a proof, and named", (await cdp.send("WebAuthn.getCredentials", { authenticatorId: id })).credentials.length === 1);
  await leave();

  await page.getByRole("button", { name: "用通行密钥登录" }).click();
  await page.getByRole("navigation", { name: "主要页面" }).waitFor();
  const used = last("/v1/session/passkey");
  holds("it signs in", (await page.evaluate(async () => ((await (await fetch("/v1/me")).json()) as { by: string }).by)) === "passkey");
  const replayed = await post(page, "/v1/session/passkey", used);
  holds("an answer that was used is refused", replayed.status === 401 && replayed.kind === "sign-in-refused");
  await leave();

  // The device breaks off: nobody is let in, and the page says what else there is.
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId: id, isUserVerified: false });
  await page.getByRole("button", { name: "用通行密钥登录" }).click();
  await page.getByText("没有用成通行密钥").waitFor();
  holds("without the person verified nobody gets in", true);
  await keep("passkey-not-used");
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId: id, isUserVerified: true });

  // A copy of the key, whose counter stands where the key's stood long ago.
  const { credentials } = await cdp.send("WebAuthn.getCredentials", { authenticatorId: id });
  const [key] = credentials;
  if (!key) throw new Error("the device lost its key");
  await cdp.send("WebAuthn.clearCredentials", { authenticatorId: id });
  await cdp.send("WebAuthn.addCredential", { authenticatorId: id, credential: { ...key, signCount: 0 } });
  await page.getByRole("button", { name: "用通行密钥登录" }).click();
  await page.getByText("可能被人复制过").waitFor();
  await keep("passkey-copied");
  await cdp.send("WebAuthn.clearCredentials", { authenticatorId: id });
  await cdp.send("WebAuthn.addCredential", { authenticatorId: id, credential: { ...key, signCount: 5000 } });
  await page.getByRole("button", { name: "用通行密钥登录" }).click();
  await page.getByText("可能被人复制过").waitFor();
  holds("a copied key is refused, and locked whatever comes later", true);
  await cdp.detach();
}

async function decision(): Promise<void> {
  await signIn();
  const search = page.getByLabel("搜索：扫回执");
  await search.fill(told.case.code);
  await search.press("Enter");
  await page.getByRole("region", { name: "办件与材料" }).waitFor();
  await pressUntil("c", page.getByText("领办剩"));
  const transfer = page.getByRole("dialog", { name: /转其他警种/ });
  await pressUntil("t", transfer);
  await transfer.getByRole("radio").first().check();
  const words = "材料里有驾驶证信息，请交管核对。";
  await transfer.locator("#transfer-reason").fill(words);
  await page.keyboard.press("Control+Enter");
  await dialog.waitFor();
  await keep("prove-over-decision");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await transfer.getByText("这一步要先证明是您本人").waitFor();
  holds("broken off, nothing typed is lost", (await transfer.locator("#transfer-reason").inputValue()) === words);
  await page.keyboard.press("Control+Enter");
  await prove();
  await transfer.waitFor({ state: "hidden" });
  const bodies = sent.filter((one) => one.path.endsWith("/decide"));
  holds("proven, the same decision goes on", bodies.length >= 3 && new Set(bodies.map((one) => one.body)).size === 1);
}

async function secondFactor(): Promise<void> {
  await pressUntil("z", page.getByRole("heading", { name: "我的登录" }));
  await page.getByRole("button", { name: "设第二步验证" }).click();
  await page.getByRole("button", { name: "开始设置" }).click();
  await prove();
  const secret = (await page.locator(".factor-secret").innerText()).replace(/\s/g, "");
  await page.getByRole("img", { name: "动态码程序扫的码" }).waitFor();
  await keep("factor");
  const step = Math.floor(Date.now() / 30_000);
  await page.locator("#factor-code").fill(totp(secret, step));
  await page.keyboard.press("Enter");
  const codes = page.getByRole("list", { name: "备用码" }).getByRole("listitem");
  await codes.first().waitFor();
  holds("ten spare codes are shown once", (await codes.count()) === 10);
  await keep("recovery-codes");
  await page.getByRole("button", { name: "抄好了" }).click();
  await page.getByText("备用码还剩 10 个").waitFor();
  await keep("account");
  await leave();
  await signIn(totp(secret, step + 1));
  holds("the password signs in with a code", (await page.evaluate(async () => ((await (await fetch("/v1/me")).json()) as { by: string }).by)) === "password-and-code");
  await leave();
}

async function throughProvider(): Promise<void> {
  await page.getByRole("button", { name: "用统一身份认证登录" }).or(page.getByRole("link", { name: "用统一身份认证登录" })).click();
  const login = async (name: string): Promise<void> => {
    await page.locator("input[name=login]").fill(name);
    await page.locator("input[name=password]").fill("whatever the provider asks");
    await page.locator("button[type=submit]").click();
    await page.locator("button[type=submit]").click();
  };
  await login(told.subject);
  await page.getByRole("navigation", { name: "主要页面" }).waitFor();
  const me = await page.evaluate(async () => (await (await fetch("/v1/me")).json()) as { by: string; id: string });
  holds("the provider's person is the enrolled officer", me.by === "provider" && me.id !== told.officer.id);
  await leave();
  await context.clearCookies();
  await page.goto(told.workbench);
  await page.getByRole("link", { name: "用统一身份认证登录" }).click();
  await login("somebody-else");
  await page.getByText("这里没有登记您的账号").waitFor();
  await keep("provider-unknown");
  const refused = await page.evaluate(async () => (await fetch("/v1/me")).status);
  holds("whoever is not enrolled is nobody", refused === 401);
  const made = await page.request.get(`${told.workbench}/v1/session/provider/return?state=made-up&code=made-up`, { maxRedirects: 0 });
  holds("a made-up way back leads nowhere", made.status() === 303 && (made.headers()["location"] ?? "") === "/?provider=failed");
}

for (const part of [passkeys, decision, secondFactor, throughProvider]) {
  try {
    await part();
  } catch (error) {
    await look.shot(`failed-${part.name}`);
    failed.push(`${part.name}: ${error instanceof Error ? error.message.slice(0, 600) : String(error)}`);
    break;
  }
}
const serious = look.axe.filter((one) => ["serious", "critical"].includes(one.impact));
failed.push(...look.faults, ...serious.map((one) => `axe: ${one.scene} ${one.rule} ${one.nodes.join(" | ")}`));
await look.end();
server.close();
server.closeAllConnections();
const result = { access: done.length, held: done, axe_serious: serious.length, failed, pictures: look.pictures.length };
// The reader at the other end of the pipe may be slow; the process ends when it has everything.
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(failed.length === 0 ? 0 : 1));
