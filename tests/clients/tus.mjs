// Uploads a file with tus-js-client: interrupted after its first pieces, then resumed by another upload object that knows the
// address only. Reads one JSON object from stdin: {base, ca, certificate, key, file, sha256}; prints one.
import { readFileSync } from "node:fs";
import { DefaultHttpStack, Upload } from "tus-js-client";

const asked = JSON.parse(readFileSync(0, "utf8"));
const bytes = readFileSync(asked.file);
const httpStack = new DefaultHttpStack({ ca: asked.ca, cert: asked.certificate, key: asked.key });
const common = {
  endpoint: `${asked.base}/v1/blobs`,
  metadata: { sha256: asked.sha256 },
  chunkSize: 64 * 1024,
  retryDelays: [0, 100, 500],
  httpStack,
  storeFingerprintForResuming: false,
};

const interrupted = await new Promise((resolve, reject) => {
  const upload = new Upload(bytes, {
    ...common,
    onError: reject,
    onSuccess: () => reject(new Error("finished before it was interrupted")),
    onChunkComplete: (_, accepted) => {
      if (accepted >= 128 * 1024) {
        upload.abort().then(() => resolve({ url: upload.url, accepted }), reject);
      }
    },
  });
  upload.start();
});

let resumedFrom;
await new Promise((resolve, reject) => {
  const upload = new Upload(bytes, {
    ...common,
    uploadUrl: interrupted.url,
    onError: reject,
    onSuccess: resolve,
    onChunkComplete: (size, accepted) => {
      resumedFrom ??= accepted - size;
    },
  });
  upload.start();
});
console.log(JSON.stringify({ ...interrupted, resumedFrom, size: bytes.length }));
