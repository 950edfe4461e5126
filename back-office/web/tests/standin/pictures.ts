// Pictures drawn for the stand-in: two faces and sheets of paper, as SVG.

function face(ground: string, dim: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="368" height="460" viewBox="0 0 92 115"><rect width="92" height="115" fill="${ground}"/><g opacity="${dim}"><path d="M22 60V36c0-20 48-20 48 0v34H22z" fill="#231f20"/><ellipse cx="46" cy="48" rx="18" ry="23" fill="#f3c9a2"/><path d="M27 42c4-18 34-20 38 0-10-2-18-6-22-9-3 5-9 8-16 9z" fill="#231f20"/><path d="M39 66h14v14H39z" fill="#eabb92"/><path d="M12 115c0-26 14-32 26-36l8 10 8-10c12 4 26 10 26 36z" fill="#1d3557"/><path d="M38 79l8 12 8-12 4 4-12 20-12-20z" fill="#fff"/><circle cx="39" cy="48" r="1.8"/><circle cx="53" cy="48" r="1.8"/><path d="M41 60q5 3 10 0" stroke="#a3483c" fill="none" stroke-width="1.6"/></g></svg>`;
}

const ROWS: readonly (readonly [string, string, string, string])[] = [
  ["姓　名", "林小满", "户主或与户主关系", "女"], ["曾用名", "", "性　别", "女"], ["出生地", "云溪市", "民　族", "汉族"],
  ["籍　贯", "云溪市", "出生日期", "1994 年 05 月 21 日"], ["公民身份号码", "330***********1528", "身高 · 血型", "163 cm · O"],
  ["文化程度", "大学本科", "婚姻状况", "未婚"], ["何时由何地迁来", "1994-06-02 因出生", "", ""], ["何时由何地迁来本址", "2011-09-14 柳桥街道由市内移居", "", ""],
];

function sheet(title: string): string {
  const rows = ROWS.map(([a, b, c, d], at) => {
    const y = 130 + at * 62;
    return `<path d="M50 ${y}H770M50 ${y + 62}H770M50 ${y}v62M240 ${y}v62M770 ${y}v62${c === "" ? "" : `M440 ${y}v62M630 ${y}v62`}" stroke="#8d7a5c" fill="none"/><g font-size="20" fill="#3c3326"><text x="145" y="${y + 38}" text-anchor="middle">${a}</text><text x="254" y="${y + 38}" font-weight="700">${b}</text><text x="535" y="${y + 38}" text-anchor="middle">${c}</text><text x="642" y="${y + 38}" font-size="${d.length > 8 ? 12 : 20}">${d}</text></g>`;
  }).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="820" height="760" viewBox="0 0 820 760"><rect width="820" height="760" fill="#fdfbf1"/><text x="410" y="84" font-size="34" font-weight="700" text-anchor="middle" letter-spacing="6" font-family="Noto Serif CJK SC">${title}</text>${rows}<g font-size="20" fill="#3c3326"><text x="50" y="690">承办人签章：（合成样张）</text><text x="770" y="690" text-anchor="end">登记日期：2011 年 09 月 14 日</text></g></svg>`;
}

const TITLES: Record<string, string> = {
  "book-first-1": "居民户口簿 · 首页", "book-own-1": "常住人口登记卡", "book-own-2": "登记事项变更和更正记载", "registry-result-1": "人口信息核查结果", "statement-1": "丢失补领声明",
};

/** The picture of an attachment; null when there is none of that name. */
export function picture(name: string): string | null {
  if (name === "photo-card") return face("#f5f6f8", 1);
  if (name === "photo-live") return face("#b9c4cf", 0.9);
  const title = TITLES[name];
  return title === undefined ? null : sheet(title);
}
