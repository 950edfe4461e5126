// What the viewer shows of a page: how large, how turned. Pure, so the tests can hold it.

export interface View {
  /** 1 fits the stage. */
  zoom: number;
  /** Degrees clockwise, 0 to 270. */
  turn: 0 | 90 | 180 | 270;
}

export const PLAIN: View = { zoom: 1, turn: 0 };
const STEP = 1.25;
const MOST = 6;

export function larger(view: View): View {
  return { ...view, zoom: Math.min(MOST, view.zoom * STEP) };
}

export function smaller(view: View): View {
  const zoom = view.zoom / STEP;
  return { ...view, zoom: zoom < 0.5 ? 0.5 : Math.abs(zoom - 1) < 0.01 ? 1 : zoom };
}

export function turned(view: View, by: 90 | -90): View {
  return { ...view, turn: ((view.turn + by + 360) % 360) as View["turn"] };
}

/** Size of the picture as drawn, before turning, in CSS pixels. */
export function drawn(view: View, picture: { width: number; height: number }, stage: { width: number; height: number }): { width: number; height: number } {
  const lies = view.turn === 90 || view.turn === 270;
  const [width, height] = lies ? [picture.height, picture.width] : [picture.width, picture.height];
  const fit = Math.min(stage.width / Math.max(1, width), stage.height / Math.max(1, height));
  return { width: picture.width * fit * view.zoom, height: picture.height * fit * view.zoom };
}
