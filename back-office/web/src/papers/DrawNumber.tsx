// A number for whoever came to the counter with this case. A number that waits already is given again by the office.
import { App as Kit, Button } from "antd";
import * as counter from "../api/counter";
import { say } from "../api/problem";
import { useOpenCase } from "../decision/case-context";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { may, useSession } from "../session/session";

export function DrawNumber(): JSX.Element | null {
  const { one } = useOpenCase();
  const { me } = useSession();
  const { message } = Kit.useApp();
  const draws = may(me, "tickets") && one.deadline.group !== "ended";
  const draw = async (): Promise<void> => {
    try {
      void message.success(`已取号 ${(await counter.drawNumber(one.id)).number}，请告诉来人。`);
    } catch (problem) {
      void message.error(`没有取号。${say(problem)}`);
    }
  };
  useKey("draw", () => void draw(), draws);
  return draws ? <Button type="link" size="small" className="draw-number" onClick={() => void draw()}>取号 <Cap id="draw" /></Button> : null;
}
