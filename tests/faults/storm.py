"""A stand-in of the office for kiosks: ends TLS with the office's own certificate and passes requests on, badly.

storm.py OFFICE_KEYS KIOSK_KEYS OFFICE_PORT SEED: prints its port, then after each request one JSON object of what it did so far.
Bursts of 429 and 503 (with and without Retry-After, as problems and as a proxy's page), requests carried out twice, once more
later, overtaken by later ones, and answers that are lost after the office has acted.
"""
import http.client
import http.server
import json
import os
import random
import ssl
import sys
import threading
import time

office_keys, kiosk_keys, office_port, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
choice, lock = random.Random(seed), threading.Lock()
done = {"requests": 0, "refused": 0, "repeated": 0, "late": 0, "delayed": 0, "answers_lost": 0}
onward = ssl.create_default_context(cafile=os.path.join(office_keys, "ca.pem"))
# Key and certificate are one file.
onward.load_cert_chain(os.path.join(kiosk_keys, "client.pem"))
HOP = {"connection", "transfer-encoding", "keep-alive", "content-length", "host"}


def forward(method, path, headers, body):
    connection = http.client.HTTPSConnection("127.0.0.1", office_port, context=onward, timeout=20)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()


class Bad(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self):
        status = choice.choice([429, 503])
        headers = [("Retry-After", choice.choice(["0", "1"]))] if choice.random() < 0.3 else []
        if choice.random() < 0.5:
            return self.answer(status, headers + [("Content-Type", "text/html")], b"<html>busy</html>")
        problem = {"type": "urn:yimen:problem:overloaded", "title": "busy", "status": status, "retry": "later"}
        return self.answer(status, headers + [("Content-Type", "application/problem+json")], json.dumps(problem).encode())

    def any_method(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        request = (self.command, self.path, headers, body)
        with lock:
            done["requests"] += 1
            burst, dice = done["requests"] % 60 < 20, choice.random()
            what = "refused" if burst else "repeated" if dice < 0.15 else "late" if dice < 0.25 else "delayed" if dice < 0.4 else "answers_lost" if dice < 0.5 else None
            if what:
                done[what] += 1
            print(json.dumps(done), flush=True)
        if what == "refused":
            return self.refuse()
        try:
            if what == "delayed":
                time.sleep(choice.random() * 0.15)
            answer = forward(*request)
            if what == "repeated":
                answer = forward(*request)
            if what == "late":
                threading.Timer(0.3, lambda: forward(*request)).start()
            if what == "answers_lost":
                self.close_connection = True
                return None
            return self.answer(*answer)
        except OSError:
            self.close_connection = True
            return None

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = any_method


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


server = Server(("127.0.0.1", 0), Bad)
own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
own.load_cert_chain(os.path.join(office_keys, "server.pem"), os.path.join(office_keys, "server.key.pem"))
server.socket = own.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_address[1], flush=True)
server.serve_forever()
