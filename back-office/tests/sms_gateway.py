"""A stand-in for an SMS gateway, as bad as networks are: it takes some messages and says nothing, answers some late, hands
some on twice, says "busy" to some. It prints its port, then appends what it took, one JSON line each, to the file it was
given. A message counts as delivered once for each key, as a gateway with idempotency keys does."""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

BOOK, LOCK, SEEN = sys.argv[1], Lock(), {}


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with LOCK:
            tries = SEEN[body["key"]] = SEEN.get(body["key"], 0) + 1
        with LOCK, open(BOOK, "a", encoding="utf-8") as book:
            line = dict(body, header=self.headers["idempotency-key"], token=self.headers["authorization"], tries=tries)
            for _ in range(2 if tries == 3 else 1):
                book.write(json.dumps(line, ensure_ascii=False) + "\n")
        if tries == 1:
            # Taken, and the connection breaks before the answer.
            self.connection.close()
            return
        if tries == 2:
            # Later than anybody waits.
            time.sleep(3)
        self.send_response(503 if tries == 3 else 202)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
print(server.server_port, flush=True)
server.serve_forever()
