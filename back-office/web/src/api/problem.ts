// What can go wrong with a request, in one class, and how it is said to an officer: what was kept first, then what to do.

/** How the office says "no" (RFC 9457), or that it could not be reached (status 0). */
export class Problem extends Error {
  readonly status: number;
  /** Last part of the problem's type, e.g. `lease-lost`; `unreachable` without an answer. */
  readonly kind: string;
  readonly detail: string | null;
  readonly more: Record<string, unknown>;

  constructor(status: number, kind: string, detail: string | null, more: Record<string, unknown> = {}) {
    super(kind);
    this.name = "Problem";
    this.status = status;
    this.kind = kind;
    this.detail = detail;
    this.more = more;
  }

  /** A member of the answer as text, where it is one. */
  text(name: string): string | null {
    const value = this.more[name];
    return typeof value === "string" && value !== "" ? value : null;
  }

  /** A member of the answer as a number. */
  number(name: string): number | null {
    const value = this.more[name];
    return typeof value === "number" ? value : null;
  }

  /** A member of the answer as lines. */
  lines(name: string): string[] {
    const value = this.more[name];
    return Array.isArray(value) ? value.filter((line): line is string => typeof line === "string") : [];
  }
}

/** Reads an answer that is not a success. */
export function problemFrom(status: number, body: unknown): Problem {
  const members = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const type = typeof members["type"] === "string" ? members["type"] : "";
  const kind = type.split(/[/:#]/).pop() || `status-${status}`;
  const detail = typeof members["detail"] === "string" ? members["detail"] : null;
  return new Problem(status, kind, detail, members);
}

/** Is this a problem of that kind? */
export function isKind(error: unknown, kind: string): error is Problem {
  return error instanceof Problem && error.kind === kind;
}

/** Has the office not answered at all, or said that it cannot now? */
export function isPassing(error: unknown): boolean {
  return error instanceof Problem && (error.status === 0 || error.status >= 500);
}

const WORDS: Record<string, string> = {
  unreachable: "暂时连不上本局服务器。",
  "lease-lost": "这件的领办已经不在您手上。",
  "version-conflict": "这件刚刚有了变化，请看过新内容再决定。",
  "not-your-right": "您的岗位没有这项权限。需要时请找值班领导。",
  "not-found": "没有找到这件。它可能已转到别的单位。",
  "queue-empty": "现在没有待领的办件。",
  "password-change-needed": "请先改掉一次性密码。",
  "case-ended": "这件已经办结。",
  "not-their-right": "这位同事没有办这件的权限。",
  "not-from-the-workbench": "请求没有被接受。请刷新页面再试一次。",
  "not-signed-in": "登录已到期，请再登录一次。",
  "prove-again": "这一步要先证明是您本人，还没有办。您写的都还在。",
  "second-factor-needed": "请先设好第二步验证。",
  "second-factor-required": "本局要求密码之外还有第二步验证或通行密钥，不能都去掉。",
  "second-factor-there": "第二步验证已经设好。要换，先停用原来的。",
  "too-many-passkeys": "通行密钥最多 10 把。请先删掉不用的。",
  "passkey-there": "这把通行密钥已经登记过。",
  "officer-locked": "这个账号已被管理员停用。",
  malformed: "服务器没有看懂这次请求。请刷新页面再试一次。",
  overloaded: "服务器正忙。",
  "unknown-code": "没有找到这个回执编号。",
  "too-large": "这个文件超过 8 MB。请分开扫，或调低清晰度。",
  "not-a-page": "只收照片（JPG、PNG）和 PDF。",
  "already-a-case": "这份已经提交，成了办件。",
  "opening-ended": "这份已经作废，内容已清除。",
  "not-taken-up": "这份还没有人接手。请扫它的码。",
  "nobody-waits": "现在没有人等叫号。",
  "ticket-state": "这个号刚刚有了变化，名单已更新。",
  "window-needed": "先选您在几号窗口。",
  "not-approved": "这件还没有准予办结，不能发证。",
  "number-needed": "编号没有填，或者太长。",
  "paper-not-made": "证明现在做不出来：登记系统没有答复，或姓名与登记的不一致。什么都没有发出。",
  "not-ready": "这份已经不在领取台。",
  "not-issued": "这件还没有发证。",
  "no-paper": "这是证件，不在这里打印。",
  "reason-empty": "还要写为什么补打。",
  "reason-needed": "这件已办结，先写明理由再看。",
  erased: "已按保存期限销毁。编号、收件时间、回执和审计记录还在，内容不能再打开。",
};

/** Here the office's own words say more than ours. */
const TOLD = ["unknown-code", "media", "too-many-pages", "not-deferrable", "not-scannable"];

/** One or two sentences for the officer. */
export function say(error: unknown): string {
  if (!(error instanceof Problem)) return "没有做成，什么都没有改动。请再试一次。";
  if (error.kind === "claimed") {
    const who = error.text("holder_name") ?? "同事";
    return `${who}正在办这件。需要时请和${who}联系，由本人移交。`;
  }
  if (error.kind === "in-other-hands") return `${error.text("holder_name") ?? "同事"}正在填这一份。需要时请和对方联系。`;
  if (error.kind === "opening-incomplete") return error.lines("why").join("；") || "这份还不能提交。";
  if (error.kind === "decision-refused") return error.lines("why").join("；") || "这项决定现在还不能作。";
  if (TOLD.includes(error.kind) && error.detail !== null) return error.detail;
  return WORDS[error.kind] ?? (isPassing(error) ? "服务器暂时没有答复。" : "没有做成，什么都没有改动。");
}
