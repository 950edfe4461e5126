// What happened to the case, oldest first.
import { officeNow } from "../session/clock";
import { clockOf } from "../session/clock-words";
import { useOpenCase } from "./case-context";

export function History(): JSX.Element {
  const { detail } = useOpenCase();
  return (
    <section className="history" aria-label="经过">
      <h2>经过</h2>
      <ol>
        {detail.history.map((line, at) => (
          <li key={`${line.at} ${at}`}><time dateTime={line.at}>{clockOf(line.at, officeNow())}</time><span>{line.words}{line.officer_name !== null && !line.words.includes(line.officer_name) && ` · ${line.officer_name}`}</span></li>
        ))}
      </ol>
    </section>
  );
}
