// Walks every screen of the built page against the stand-in, by keyboard; writes pictures and prints one JSON object at the end.
// Run `npm run build` before. `LOOK_OUT` names the folder of the pictures.
import { StandinOffice } from "../standin/office";
import { serve } from "../standin/server";
import { Look } from "./browser";
import { SCENES } from "./scenes";
import { SIZES } from "./sizes";

const out = process.env["LOOK_OUT"] ?? "look-out";
const only = process.argv.slice(2);
const failed: string[] = [];
const faults: string[] = [];
const serious: string[] = [];
let pictures = 0;

async function walk(name: string, size: { width: number; height: number }, scene: (look: Look, office: StandinOffice) => Promise<void>): Promise<void> {
  const office = new StandinOffice();
  const { server, address } = await serve(office, 0);
  const look = await Look.start(`${out}/${name}`, size);
  try {
    await look.page.goto(address);
    await scene(look, office);
  } catch (error) {
    failed.push(`${name}: ${error instanceof Error ? error.message.slice(0, 600) : String(error)}`);
    await look.shot("failed").catch(() => undefined);
  }
  for (const fault of new Set(look.faults)) faults.push(`${name}: ${fault}`);
  for (const one of look.axe) {
    const line = `${name}/${one.scene}: ${one.rule} (${one.impact})\n    ${one.nodes.join("\n    ")}`;
    if (one.impact === "serious" || one.impact === "critical") serious.push(line);
    else console.log(`axe, lesser: ${line}`);
  }
  pictures += look.pictures.length;
  await look.end();
  server.closeAllConnections();
  server.close();
}

for (const [name, scene] of Object.entries(SCENES)) if (only.length === 0 || only.includes(name)) await walk(name, { width: 1440, height: 900 }, scene);
for (const [name, { size, scene }] of Object.entries(SIZES)) if (only.length === 0 || only.includes(name)) await walk(name, size, scene);
for (const line of [...failed, ...faults, ...serious]) console.log(line);
console.log(JSON.stringify({ pictures, failed, faults: faults.length, axe_serious: serious.length }));
process.exitCode = failed.length + faults.length + serious.length > 0 ? 1 : 0;
