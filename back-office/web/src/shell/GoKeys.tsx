// The keys that work on every page: to another page, and the list of all keys. Put once into each layer of keys.
import { useKey } from "../keys/keyboard";
import { may, useSession } from "../session/session";
import { PLACES, type Place, type PlaceId } from "./places";

interface Props {
  go: (place: PlaceId) => void;
  help: () => void;
}

export function GoKeys({ go, help }: Props): JSX.Element {
  useKey("help", help);
  return <>{PLACES.map((place) => <Go key={place.id} place={place} go={go} />)}</>;
}

function Go({ place, go }: { place: Place; go: (place: PlaceId) => void }): null {
  const { me } = useSession();
  useKey(place.key, () => go(place.id), place.needs === null || may(me, place.needs));
  return null;
}
