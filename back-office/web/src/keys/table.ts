// Every key of the workbench, once. The help page, the bottom bar, the buttons' caps and the tests all read this table.

export type KeyGroup = "queue" | "case" | "papers" | "decide" | "tickets" | "issue" | "collect" | "report" | "everywhere" | "dialog" | "opening";

export interface KeyRow {
  /** What code asks for by name. */
  id: string;
  /** What is pressed, as `pressed` writes it: `j`, `enter`, `ctrl+enter`, `pageup`. */
  press: readonly string[];
  /** What is printed on the cap. */
  caps: readonly string[];
  /** What it does, as the help page says it. */
  words: string;
  /** The same in the bottom bar, where room is short; absent: not shown there. */
  bar?: string;
  group: KeyGroup;
  /** Destructive: asks, and the same key pressed again confirms. */
  twice?: true;
  /** May be held down. */
  repeats?: true;
  /** Works while text is being written. */
  inText?: true;
}

const digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

export const KEYS = [
  { id: "down", press: ["j", "arrowdown"], caps: ["J"], words: "下一件", group: "queue", repeats: true },
  { id: "up", press: ["k", "arrowup"], caps: ["K"], words: "上一件", bar: "上下件", group: "queue", repeats: true },
  { id: "open", press: ["enter"], caps: ["Enter"], words: "打开这一件", bar: "打开", group: "queue" },
  { id: "next", press: ["n"], caps: ["N"], words: "领办最急的一件", bar: "领下一件", group: "queue" },
  { id: "filter", press: ["f"], caps: ["F"], words: "筛选：业务线、单位、状态、已办结", group: "queue" },
  { id: "opening", press: ["y"], caps: ["Y"], words: "开办：给来人新开一件，或接着办没办完的", bar: "开办", group: "queue" },
  { id: "search", press: ["/"], caps: ["/"], words: "到搜索框；扫码枪随时可扫，不必先点", group: "queue" },

  { id: "claim", press: ["c"], caps: ["C"], words: "领办选中的一件", bar: "领办", group: "case" },
  { id: "release", press: ["r"], caps: ["R"], words: "放回队列，写的意见留着", bar: "放回", group: "case", twice: true },
  { id: "assign", press: ["g"], caps: ["G"], words: "移交给同事", bar: "移交", group: "case" },
  { id: "person", press: ["p"], caps: ["P"], words: "到人像判定，左右键选择", bar: "人像", group: "case" },
  { id: "number", press: ["i"], caps: ["I"], words: "显示全号（记入审计），再按收起", group: "case" },
  { id: "checks", press: ["h"], caps: ["H"], words: "核验清单的下一项", group: "case" },
  { id: "tick", press: [" "], caps: ["空格"], words: "勾选核验清单里框住的一项", bar: "勾选", group: "case" },
  { id: "draw", press: ["d"], caps: ["D"], words: "给这件的来人取一个号", group: "case" },
  { id: "issue", press: ["e"], caps: ["E"], words: "准予办结后：办结发证", bar: "办结发证", group: "case" },
  { id: "note", press: ["m"], caps: ["M"], words: "写办理意见，Esc 离开", group: "case" },

  { id: "paper", press: digits, caps: ["1", "9"], words: "看第几份材料", bar: "材料", group: "papers" },
  { id: "checked", press: ["o"], caps: ["O"], words: "这份已与原件核对", bar: "已核原件", group: "papers" },
  { id: "page-back", press: ["pageup", ","], caps: [","], words: "上一页，也可按 PgUp", group: "papers", repeats: true },
  { id: "page-on", press: ["pagedown", "."], caps: ["."], words: "下一页，也可按 PgDn", group: "papers", repeats: true },
  { id: "larger", press: ["+", "="], caps: ["+"], words: "放大", group: "papers", repeats: true },
  { id: "smaller", press: ["-"], caps: ["-"], words: "缩小", group: "papers", repeats: true },
  { id: "fit", press: ["0"], caps: ["0"], words: "恢复原大", group: "papers" },
  { id: "turn-left", press: ["["], caps: ["["], words: "向左转", group: "papers" },
  { id: "turn-right", press: ["]"], caps: ["]"], words: "向右转", group: "papers" },
  { id: "beside", press: ["b"], caps: ["B"], words: "两页并排，再按收起", group: "papers" },

  { id: "agree", press: ["a"], caps: ["A"], words: "受理或准予办结，看轮到哪一步", bar: "受理或办结", group: "decide", twice: true },
  { id: "supplement", press: ["s"], caps: ["S"], words: "退回补正", bar: "退回补正", group: "decide" },
  { id: "transfer", press: ["t"], caps: ["T"], words: "转其他警种", bar: "转出", group: "decide" },
  { id: "refuse", press: ["x"], caps: ["X"], words: "不予受理或不予批准", bar: "不予", group: "decide" },

  { id: "ticket-next", press: ["n"], caps: ["N"], words: "叫等得最久的一个号", bar: "叫下一个", group: "tickets" },
  { id: "ticket-call", press: ["c"], caps: ["C"], words: "叫选中的号；已叫的再叫一次", bar: "叫号", group: "tickets" },
  { id: "ticket-served", press: ["s"], caps: ["S"], words: "选中的号已接待", bar: "已接待", group: "tickets" },
  { id: "ticket-absent", press: ["x"], caps: ["X"], words: "叫过三次还没来，按未到处理；之后还能再叫", bar: "未到", group: "tickets", twice: true },
  { id: "ticket-window", press: ["v"], caps: ["V"], words: "换窗口，本机记住", bar: "换窗口", group: "tickets" },

  { id: "copy", press: ["y"], caps: ["Y"], words: "复制框住的一项，框移到下一项", bar: "复制并下移", group: "issue" },
  { id: "enter-number", press: ["e"], caps: ["E"], words: "到编号栏，填业务系统给的号", bar: "填编号", group: "issue" },
  { id: "print", press: ["d"], caps: ["D"], words: "打印证明", bar: "打印", group: "issue" },
  { id: "again", press: ["r"], caps: ["R"], words: "补打，写明为什么", bar: "补打", group: "issue" },

  { id: "hand-over", press: ["c"], caps: ["C"], words: "核对身份后交给本人或代领人", bar: "领走", group: "collect" },
  { id: "post", press: ["p"], caps: ["P"], words: "邮寄，填运单号", bar: "邮寄", group: "collect" },
  { id: "desk-filter", press: ["f"], caps: ["F"], words: "换看：全部、待发证、待领取、已领走、已寄出", bar: "筛选", group: "collect" },
  { id: "open-case", press: ["o"], caps: ["O"], words: "打开这份的办件", bar: "看办件", group: "collect" },

  { id: "period", press: ["p"], caps: ["P"], words: "改起止日期", bar: "改日期", group: "report" },
  { id: "file", press: ["d"], caps: ["D"], words: "取下业务量表（CSV）", bar: "取表", group: "report" },

  { id: "go-bench", press: ["w"], caps: ["W"], words: "到受理台；领办的件照样续期", group: "everywhere" },
  { id: "go-tickets", press: ["q"], caps: ["Q"], words: "到叫号", group: "everywhere" },
  { id: "go-collect", press: ["l"], caps: ["L"], words: "到领证", group: "everywhere" },
  { id: "go-report", press: ["u"], caps: ["U"], words: "到督导", group: "everywhere" },
  { id: "go-account", press: ["z"], caps: ["Z"], words: "到我的登录：通行密钥、第二步验证、密码", group: "everywhere" },
  { id: "help", press: ["?", "？"], caps: ["?"], words: "全部快捷键", bar: "全部快捷键", group: "everywhere" },
  { id: "leave", press: ["escape"], caps: ["Esc"], words: "关闭；在输入框里先离开输入框", bar: "关闭", group: "everywhere", inText: true },

  { id: "item", press: digits, caps: ["1", "9"], words: "勾选第几项", bar: "勾选", group: "dialog" },
  { id: "find", press: ["/"], caps: ["/"], words: "筛选理由，可输拼音", bar: "筛选理由", group: "dialog" },
  { id: "send", press: ["ctrl+enter"], caps: ["Ctrl", "Enter"], words: "发出；不予要再按一次确认", bar: "发出", group: "dialog", inText: true },
  { id: "yes", press: ["enter"], caps: ["Enter"], words: "确认选中的", bar: "确认", group: "dialog" },

  { id: "go-on", press: ["enter"], caps: ["Enter"], words: "到下一格；在事项清单里开办选中的", bar: "下一格或选定", group: "opening", inText: true },
  { id: "next-step", press: ["ctrl+enter", "pagedown"], caps: ["Ctrl", "Enter"], words: "下一步，也可按 PgDn", bar: "下一步", group: "opening", inText: true },
  { id: "last-step", press: ["pageup"], caps: ["PgUp"], words: "上一步", bar: "上一步", group: "opening", inText: true },
  { id: "list-down", press: ["arrowdown"], caps: ["↓"], words: "清单下一项", group: "opening", inText: true, repeats: true },
  { id: "list-up", press: ["arrowup"], caps: ["↑"], words: "清单上一项", bar: "上下选", group: "opening", inText: true, repeats: true },
  { id: "which-paper", press: digits, caps: ["1", "9"], words: "选第几份材料", bar: "材料", group: "opening" },
  { id: "scan-paper", press: ["s"], caps: ["S"], words: "扫描好的照片或 PDF，加进选中的材料", bar: "扫描件", group: "opening" },
  { id: "see-paper", press: ["v"], caps: ["V"], words: "看选中材料的页，翻页和放大同看材料", bar: "看页", group: "opening" },
  { id: "shown-paper", press: ["o"], caps: ["O"], words: "选中的材料已当面看原件，再按撤销", bar: "已看原件", group: "opening" },
  { id: "later-paper", press: ["b"], caps: ["B"], words: "选中的材料以后补，再按撤销", bar: "以后补", group: "opening" },
  { id: "clear-paper", press: ["delete"], caps: ["Del"], words: "清掉选中材料已扫的页", group: "opening" },
  { id: "hand-in", press: ["f9"], caps: ["F9"], words: "提交，成为您名下的办件", bar: "提交", group: "opening", inText: true },
  { id: "give-up", press: ["x"], caps: ["X"], words: "不办了，填的内容清掉", bar: "不办了", group: "opening", twice: true },
] as const satisfies readonly KeyRow[];

export type KeyId = (typeof KEYS)[number]["id"];

export const GROUPS: Record<KeyGroup, string> = {
  queue: "队列和名单",
  case: "一件",
  papers: "材料",
  decide: "决定",
  tickets: "叫号",
  issue: "发证和打印",
  collect: "领证",
  report: "督导",
  everywhere: "随时",
  dialog: "对话框里",
  opening: "开办（填表时）",
};

/** The row of a key; the table has every id. */
export function keyRow(id: KeyId): KeyRow {
  return KEYS.find((row) => row.id === id) as KeyRow;
}

/** Pages and what is answered on each of them together: a press may mean only one thing on a page. Dialogs are pages of their own. */
const PLACES = {
  bench: ["queue", "case", "papers", "decide", "everywhere"],
  tickets: ["tickets", "everywhere"],
  issue: ["issue", "everywhere"],
  collect: ["collect", "issue", "everywhere"],
  report: ["report", "everywhere"],
  opening: ["opening", "everywhere"],
  dialog: ["dialog"],
} as const satisfies Record<string, readonly KeyGroup[]>;

export type KeyPlace = keyof typeof PLACES;

/** Lists everywhere are walked with the keys of the queue. */
const LIST: readonly string[] = ["down", "up", "open", "search"];

/** Every row that can be answered on a page. */
export function placeRows(place: KeyPlace): readonly KeyRow[] {
  const groups: readonly KeyGroup[] = PLACES[place];
  const listed = place !== "bench" && place !== "opening" && place !== "dialog";
  return KEYS.filter((row) => groups.includes(row.group) || (listed && LIST.includes(row.id)));
}

/** Pages with keys of their own. */
export const KEY_PLACES = Object.keys(PLACES) as KeyPlace[];
