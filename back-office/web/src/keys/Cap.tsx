// The cap of a key, as it stands on buttons, in the bottom bar and on the help page.
import { Fragment } from "react";
import { keyRow, type KeyId } from "./table";

/** The caps of one key of the table; a range of digits is joined by a dash. */
export function Cap({ id }: { id: KeyId }): JSX.Element {
  const row = keyRow(id);
  const range = row.caps.length === 2 && row.caps[0] === "1";
  return (
    <span aria-hidden="true">
      {row.caps.map((cap, at) => (
        <Fragment key={cap}>
          {at > 0 && (range ? " – " : " ")}
          <kbd>{cap}</kbd>
        </Fragment>
      ))}
    </span>
  );
}
