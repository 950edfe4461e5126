// The workbench on a small and on a large screen.
import type { Look } from "./browser";
import { drawn, openCode, press, signIn } from "./hand";

async function both(look: Look): Promise<void> {
  const { page } = look;
  await signIn(page, "wang");
  await openCode(page, "7KQ4-M3XP");
  await press(page, "2");
  await drawn(page);
  await look.shot("workbench");
  await look.check("workbench");
  await press(page, "s");
  await page.getByText("理由 203").waitFor();
  await press(page, "1", "2");
  await page.getByText("还差 2 样").waitFor();
  await look.shot("supplement");
}

export const SIZES: Record<string, { size: { width: number; height: number }; scene: (look: Look) => Promise<void> }> = {
  small: { size: { width: 1280, height: 800 }, scene: both },
  large: { size: { width: 1920, height: 1080 }, scene: both },
};
