"""Independent verifier of the fault programs: its own SQL, SHA-256, Ed25519 (RFC 8032) and the stock `age` command;
no code of the product.

Reads one JSON object from stdin (paths of both sides' databases and folders, "told": [id], "acked": [id]); prints one JSON
object. Must be 0:
lost          = told to a person, yet no case in the office, unless the office refused it for ever and it still lies whole here
duplicated    = one errand (or one submission id) with more than one case
false_success = acknowledged on the kiosk without a submission in the office; told without a trace on the kiosk; a tombstone
                whose receipt is not the office's own, over the office's own manifest
without_data  = a submission in the office with a part whose header or payload is missing, or that is damaged or cannot be opened
"""
import base64
import hashlib
import json
import os
import random
import re
import sqlite3
import subprocess
import sys

SIGNATURES = 400  # receipts whose signature is computed; all are compared byte for byte
OPENED = 12  # submissions opened with `age`

# Ed25519, RFC 8032 section 5.1: curve constants and affine-free addition in extended coordinates.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    u, v = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def point_of(data):
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or y >= P:
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = point_of(bytes.fromhex("58" + "66" * 31))


def signed_by(key, message, signature):
    a, r = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(k, a))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


def unbase64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def rows(path, sql):
    with sqlite3.connect(path) as database:
        return list(database.execute(sql))


asked = json.load(sys.stdin)
OFFICE, KIOSK = asked["office_db"], asked["kiosk_db"]
for path in (OFFICE, KIOSK, asked["custody_db"]):
    answer = rows(path, "PRAGMA integrity_check")
    if answer != [("ok",)]:
        sys.exit(f"{path}: {answer}")

cases = rows(OFFICE, "SELECT submission, service FROM office_case")
submissions = {row[0]: row[1:] for row in rows(OFFICE, "SELECT id, manifest, receipt FROM submission")}
items = {row[0]: row[1:] for row in rows(KIOSK, "SELECT id, state, manifest FROM items")}
tombstones = dict(rows(KIOSK, "SELECT id, receipt FROM tombstones"))
tables = {row[0] for row in rows(OFFICE, "SELECT name FROM sqlite_master WHERE type = 'table'")}
inline = {}
if "submission_part" in tables:
    inline = {(row[0], row[1]): row[2] for row in rows(OFFICE, "SELECT submission, sha256, bytes FROM submission_part")}
# Headers lie apart: by owner and digest, and of files by digest alone.
headers = {}
for owner, part, header, filed in rows(asked["custody_db"], "SELECT owner, part, header, filed FROM submission_key"):
    headers[(owner, part)] = header
    if filed:
        headers[part] = header
told, acked = set(asked["told"]), set(asked["acked"])
receipt_key = bytes.fromhex(re.search(r'^receipt_key\s*=\s*"([0-9a-f]{64})"', open(asked["bureau"]).read(), re.M)[1])


def content(submission, part):
    """The ciphertext of a part in the office; None when it is missing or not what the manifest says."""
    data = inline.get((submission, part["sha256"]))
    if data is None:
        path = os.path.join(asked["office_blobs"], part["sha256"][:2], part["sha256"])
        if not os.path.exists(path):
            return None
        payload, header = open(path, "rb").read(), headers.get(part["sha256"])
    else:
        payload, header = data, headers.get((submission, part["sha256"]))
    if header is None:
        return None
    data = header + payload
    whole = len(data) == part["size"] and hashlib.sha256(data).hexdigest() == part["sha256"]
    return data if whole else None


def whole_on_kiosk(manifest):
    for part in json.loads(json.loads(manifest)["body"])["parts"]:
        path = os.path.join(asked["spool"], part["sha256"])
        if not os.path.exists(path) or hashlib.sha256(open(path, "rb").read()).hexdigest() != part["sha256"]:
            return False
    return True


def opened(submission, manifest):
    for part in manifest["parts"]:
        done = subprocess.run(["age", "-d", "-i", asked["branch_identity"]], input=content(submission, part), capture_output=True)
        if done.returncode:
            return False
        if part["role"] == "answers" and json.loads(done.stdout)["service"] != manifest["service"]:
            return False
    return True


# What the office refused for ever stays on the kiosk, whole, for a person to look at.
kept = {id for id, (state, manifest) in items.items() if state == "QUARANTINED" and whole_on_kiosk(manifest)}
damaged = {id for id, (_, manifest) in items.items() if not whole_on_kiosk(manifest)}
lost = (told - {row[0] for row in cases} - kept) | (damaged & told)

false_receipts = set()
for id, receipt in tombstones.items():
    manifest, given = submissions.get(id, (None, None))
    stated = json.loads(json.loads(receipt)["body"]) if receipt.startswith("{") else {}
    digest = manifest and hashlib.sha256(json.loads(manifest)["body"].encode()).hexdigest()
    if receipt != given or stated.get("id") != id or stated.get("manifest") != digest:
        false_receipts.add(id)
choice = random.Random(1)
genuine = sorted(set(tombstones) - false_receipts)
for id in choice.sample(genuine, min(SIGNATURES, len(genuine))):
    signed = json.loads(tombstones[id])
    if not signed_by(receipt_key, signed["body"].encode(), unbase64(signed["signature"])):
        false_receipts.add(id)

without_data = set()
manifests = {id: json.loads(json.loads(row[0])["body"]) for id, row in submissions.items()}
for id, manifest in manifests.items():
    if not manifest["parts"] or any(content(id, part) is None for part in manifest["parts"]):
        without_data.add(id)
sound = sorted(set(manifests) - without_data)
for id in choice.sample(sound, min(OPENED, len(sound))):
    if not opened(id, manifests[id]):
        without_data.add(id)

traces = set(items) | set(tombstones)
false_success = (acked - set(submissions)) | (told - traces) | false_receipts
errands, case_ids = [row[1] for row in cases], [row[0] for row in cases]
print(json.dumps({
    "told": len(told),
    "cases": len(cases),
    "lost": len(lost),
    "duplicated": (len(errands) - len(set(errands))) + (len(case_ids) - len(set(case_ids))),
    "false_success": len(false_success),
    "without_data": len(without_data),
    "receipts": len(tombstones),
    "quarantined": len(kept),
    "waiting": sum(1 for state, _ in items.values() if state != "QUARANTINED"),
}))
