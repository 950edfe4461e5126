// The line to the program that made the bureau: what is told at the start, and residents who are sent to a kiosk.
import { createInterface } from "node:readline";

export interface Told {
  officers: { id: string; name: string; password: string }[];
  cases: { journey: string; service: string; title: string; status: string; code: string }[];
  lease_seconds: number;
  /** Folder of the pictures. */
  pictures: string;
}

interface Walked {
  walk: string;
  right: boolean;
  outcome: string;
  /** The receipt code that was read last. */
  code: string | null;
}

export class Runner {
  private readonly waiting: ((line: string) => void)[] = [];
  private readonly early: string[] = [];
  private over = false;

  constructor() {
    const lines = createInterface({ input: process.stdin });
    lines.on("line", (line) => {
      const taker = this.waiting.shift();
      if (taker) taker(line);
      else this.early.push(line);
    });
    // The program that made the bureau is gone: nothing is left to work at. The browsers end with this process.
    lines.on("close", () => {
      if (!this.over) process.exit(1);
    });
  }

  private line(): Promise<string> {
    const here = this.early.shift();
    return here === undefined ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve(here);
  }

  async told(): Promise<Told> {
    return JSON.parse(await this.line()) as Told;
  }

  /** A resident does something at a kiosk, with a receipt where one is named; gives the code read last. Throws when it ends otherwise than it should. */
  async walk(journey: string, code?: string): Promise<string> {
    console.log(JSON.stringify({ walk: journey, code }));
    const walked = JSON.parse(await this.line()) as Walked;
    if (!walked.right) throw new Error(`at the kiosk: ${walked.walk}: ${walked.outcome}`);
    return walked.code ?? "";
  }

  end(): void {
    this.over = true;
    process.stdin.destroy();
  }
}
