// An officers' working day on the real office, by keyboard only. Started by `yimen-demo --counter`, see `runner.ts`.
// Prints one JSON object at the end. Not here: what officers do (`chapters.ts`).
import { readdirSync, readFileSync } from "node:fs";
import { DAY, type Day } from "./chapters";
import { Officer } from "./officer";
import { Runner } from "./runner";

/** The longest a chapter may take on a busy machine. */
const CHAPTER_MS = 360_000;
const address = process.env["YIMEN_WORKBENCH"] ?? "";
const runner = new Runner();
const told = await runner.told();
const [first, second] = told.officers;
if (!first || !second) throw new Error("two officers are needed");
const begun = Date.now();
const failed: string[] = [];
const officers = [await Officer.arrive(first, address, told.pictures), await Officer.arrive(second, address, told.pictures)] as const;
const day: Day = { told, runner, one: officers[0], two: officers[1], ended: new Map(), waiting: [], pairs: 0, saidNotYet: [], brought: Promise.resolve() };

/** Whatever hangs ends here, and is told. */
function within(name: string, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} does not come to an end`)), CHAPTER_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

for (const [name, chapter] of Object.entries(DAY)) {
  console.log(`${name} …`);
  try {
    await within(name, chapter(day));
  } catch (error) {
    failed.push(`${name}: ${error instanceof Error ? error.message.slice(0, 700) : String(error)}`);
    console.log(failed.at(-1));
    for (const officer of officers) {
      await officer.look.shot(`failed-${name.replaceAll(" ", "-")}`).catch(() => undefined);
      await officer.tidy().catch(() => undefined);
    }
  }
}

let serious = 0;
let pictures = 0;
let pointers = 0;
for (const officer of officers) {
  for (const fault of new Set(officer.look.faults)) failed.push(`${officer.id}: ${fault}`);
  for (const one of officer.look.axe) {
    const grave = one.impact === "serious" || one.impact === "critical";
    if (grave) serious += 1;
    console.log(`axe${grave ? "" : ", lesser"}: ${officer.id}/${one.scene}: ${one.rule} (${one.impact})\n    ${one.nodes.join("\n    ")}`);
  }
  pictures += officer.look.pictures.length;
  pointers += await officer.pointers();
  await officer.end();
}
if (serious > 0) failed.push(`axe finds ${serious} serious`);
if (pointers > 0) failed.push(`a pointer was used ${pointers} times`);
const missing = told.cases.filter((one) => !day.ended.has(one.code)).map((one) => one.journey);
if (missing.length > 0) failed.push(`not brought to their end: ${missing.join(", ")}`);
/** Does any service of the catalogue want two officers for an approval? */
const catalogue = new URL("../../../../services-catalog/services/", import.meta.url);
const wantsTwo = readdirSync(catalogue).some((id) => /^second-person *= *\[.*"approve"/m.test(readFileSync(new URL(`${id}/service.toml`, catalogue), "utf8")));
if (wantsTwo && day.pairs === 0) failed.push("no approval by two officers, and the catalogue has one");
const services = new Set(told.cases.filter((one) => day.ended.has(one.code)).map((one) => one.service)).size;
const ends: Record<string, number> = {};
for (const end of day.ended.values()) ends[end] = (ends[end] ?? 0) + 1;
console.log(JSON.stringify({ services, failed, axe_serious: serious, ends, two_officers: day.pairs, pictures, pointers, day_seconds: Math.round((Date.now() - begun) / 1000) }));
process.exitCode = failed.length > 0 ? 1 : 0;
runner.end();
