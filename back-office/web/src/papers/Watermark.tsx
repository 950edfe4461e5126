// Officer and minute across everything the viewer shows, so a photo of the screen says whose screen it was.
import { fullClock } from "../session/clock-words";
import { useNow } from "../session/clock";
import { useSession } from "../session/session";

export function Watermark(): JSX.Element {
  const { me } = useSession();
  const now = useNow(15_000);
  const words = `${me.name} ${me.badge}　${fullClock(now).replace(/ 周. /, " ")}`;
  return (
    <svg className="watermark" aria-hidden="true">
      <defs>
        <pattern id="watermark" width="330" height="150" patternUnits="userSpaceOnUse" patternTransform="rotate(-22)">
          <text x="0" y="40">{words}</text>
          <text x="150" y="115">{words}</text>
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill="url(#watermark)" />
    </svg>
  );
}
