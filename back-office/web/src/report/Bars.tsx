// One question, one chart: bars from one line, longest first, each with its number in words beside it.
interface Bar {
  name: string;
  value: number;
  words: string;
}

/** Bars to the right; a change that is less goes to the left of the line. */
export function Bars({ question, bars }: { question: string; bars: readonly Bar[] }): JSX.Element | null {
  const shown = bars.filter((bar) => bar.value !== 0);
  if (shown.length === 0) return null;
  const most = Math.max(...shown.map((bar) => Math.abs(bar.value)));
  const left = shown.some((bar) => bar.value < 0);
  const right = shown.some((bar) => bar.value > 0);
  const zero = left ? (right ? 50 : 100) : 0;
  const room = left && right ? 50 : 100;
  return (
    <figure className="bars">
      <figcaption>{question}</figcaption>
      <ul>
        {[...shown].sort((a, b) => b.value - a.value).map((bar) => {
          const wide = (Math.abs(bar.value) / most) * room;
          return (
            <li key={bar.name}>
              <span className="bar-name">{bar.name}</span>
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" className="bar-line">
                <rect x={bar.value < 0 ? zero - wide : zero} y="1" width={wide} height="8" className={bar.value < 0 ? "less" : "more"} />
              </svg>
              <span className="bar-words">{bar.words}</span>
            </li>
          );
        })}
      </ul>
    </figure>
  );
}
