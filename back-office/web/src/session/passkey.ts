// The browser's side of passkeys. The office speaks JSON with binary members in base64url; browsers of the desks (Chromium 90)
// take and give buffers, and cannot translate by themselves yet.
// Not here: what is asked of the office (`api/account.ts`).

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = new Uint8Array(plain.length);
  for (let at = 0; at < plain.length; at += 1) bytes[at] = plain.charCodeAt(at);
  return bytes;
}

function toText(buffer: ArrayBuffer): string {
  let plain = "";
  new Uint8Array(buffer).forEach((byte) => (plain += String.fromCharCode(byte)));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

type Described = { id: string; type: "public-key" };
interface Asked {
  publicKey: Record<string, unknown> & { challenge: string };
}

const described = (list: unknown): PublicKeyCredentialDescriptor[] =>
  Array.isArray(list) ? (list as Described[]).map((one) => ({ ...one, id: toBytes(one.id) })) : [];

/** Why no passkey came: the person broke it off, or this device has none for here. */
export class NoPasskey extends Error {}

/** Are passkeys possible on this page? They belong to one origin. */
export function passkeysHere(origin: string | null): boolean {
  return origin !== null && origin === location.origin && typeof window.PublicKeyCredential === "function";
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let given: Credential | null;
  try {
    given = await ask();
  } catch (error) {
    throw new NoPasskey(error instanceof Error ? error.name : "");
  }
  if (given === null) throw new NoPasskey("");
  return given as PublicKeyCredential;
}

/** Makes a new key on a device of the person's choice. */
export async function makePasskey(options: unknown): Promise<unknown> {
  const { publicKey } = options as Asked;
  const user = publicKey["user"] as { id: string; name: string; displayName: string };
  const credential = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        ...(publicKey as unknown as PublicKeyCredentialCreationOptions),
        challenge: toBytes(publicKey.challenge),
        user: { ...user, id: toBytes(user.id) },
        excludeCredentials: described(publicKey["excludeCredentials"]),
      },
    }),
  );
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    id: credential.id, rawId: toText(credential.rawId), type: credential.type,
    response: { attestationObject: toText(response.attestationObject), clientDataJSON: toText(response.clientDataJSON) },
    extensions: {},
  };
}

/** Answers a challenge with a key that is on a device here. */
export async function usePasskey(options: unknown): Promise<unknown> {
  const { publicKey } = options as Asked;
  const credential = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        ...(publicKey as unknown as PublicKeyCredentialRequestOptions),
        challenge: toBytes(publicKey.challenge),
        allowCredentials: described(publicKey["allowCredentials"]),
      },
    }),
  );
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    id: credential.id, rawId: toText(credential.rawId), type: credential.type,
    response: {
      authenticatorData: toText(response.authenticatorData), clientDataJSON: toText(response.clientDataJSON),
      signature: toText(response.signature), userHandle: response.userHandle === null ? null : toText(response.userHandle),
    },
    extensions: {},
  };
}
