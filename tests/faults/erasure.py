"""Independent verifier of crypto-erasure: its own SQL, its own reading of age headers, and the stock `age` command; no code of
the product.

Reads one JSON object from stdin:
live       = the office's folder now
backup     = a copy of its data folder from before the erasure (without custody)
keys       = a copy of custody's database from before, to know what to look for
erased     = ids whose keys must be gone (submissions, cases, openings); kept = ids whose keys must be there
identities = age identities that open everything as long as a header is there
words      = what lay in the clear while the case was kept (its code)
Prints one JSON object. Must be 0: `found` (pieces of erased headers in any file of the live folder), `words_found` (files of it with one of the words) and `opened` (sealed things of
the backup that open with anything that is left). Must be more: the same figures of what is kept, and `words_before` (of the backup), else nothing was looked at.
"""
import json
import os
import re
import sqlite3
import subprocess
import sys

# Stanzas of any kind may stand between: their lines are short, the last of a body may be empty.
HEADER = re.compile(rb"age-encryption\.org/v1\n(?:[^\n]{0,400}\n){0,60}?--- [A-Za-z0-9+/]{43}\n")
START = b"yimen-kept/1 "

asked = json.load(sys.stdin)


def rows(path, sql):
    with sqlite3.connect(path) as database:
        return list(database.execute(sql))


def contents(folder):
    for place, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(place, name), "rb") as file:
                yield os.path.join(place, name), file.read()


def pieces(header):
    """What nobody may find again: the wrapped keys, the ephemeral shares and the authentication code."""
    lines = header.split(b"\n")[1:-1]
    words = [word for line in lines for word in line.split(b" ")]
    return [word for word in words if len(word) >= 43]


def header_of(owner, part):
    found = rows(asked["keys"], "SELECT owner, part, header FROM submission_key")
    return [header for own, name, header in found if own == owner and (part is None or name == part)]


def look_for(owners):
    wanted = {piece for owner in owners for header in header_of(owner, None) for piece in pieces(header)}
    hits = {path for path, data in live for piece in wanted if piece in data}
    return len(wanted), sorted(hits)


def sealed_things(owners):
    """Every payload of the backup that belonged to these owners: rows, blobs, papers, columns."""
    office = os.path.join(asked["backup"], "office.db")
    names = {(owner, part) for owner, part in rows(asked["keys"], "SELECT owner, part FROM submission_key") if owner in owners}
    for submission, part, data in rows(office, "SELECT submission, sha256, bytes FROM submission_part"):
        if (submission, part) in names:
            yield data
    for _, part in names:
        path = os.path.join(asked["backup"], "blobs", part[:2], part)
        if os.path.exists(path):
            yield open(path, "rb").read()
    columns = [("opening", "sealed"), ("closed_view", "reason"), ("sealed_reason", "reason")]
    columns += [("collection", "sealed_number"), ("collection", "sealed_tracking")]
    framed = [row[0] for table, column in columns for row in rows(office, f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")]
    framed += [data for path, data in contents(os.path.join(asked["backup"], "issued"))]
    for data in framed:
        if not data.startswith(START):
            sys.exit("the backup holds something sealed that is not divided")
        line, _, payload = data.partition(b"\n")
        if line.split(b" ")[1].decode() in owners:
            yield payload


def opens(payload, headers):
    for header in headers:
        for identity in asked["identities"]:
            tried = subprocess.run(["age", "-d", "-i", identity], input=header + payload, capture_output=True)
            if tried.returncode == 0:
                return True
    return False


live = list(contents(asked["live"]))
# Whatever still looks like a header, wherever it lies.
left = {header for _, data in list(contents(asked["backup"])) + live for header in HEADER.findall(data)}
result = {"headers_left": len(left)}
words = [word.encode() for word in asked["words"]]
with_words = [path for path, data in live if any(word in data for word in words)]
before = [path for path, data in contents(asked["backup"]) if any(word in data for word in words)]
result.update({"words_found": len(with_words), "words_before": len(before), "words_where": with_words})
for name in ("erased", "kept"):
    owners = set(asked[name])
    wanted, hits = look_for(owners)
    things = list(sealed_things(owners))
    opened = sum(opens(thing, left | {b""}) for thing in things)
    prefix = "" if name == "erased" else "kept_"
    result.update({prefix + "wanted": wanted, prefix + "found": len(hits), prefix + "things": len(things), prefix + "opened": opened})
    if name == "erased":
        result["where"] = hits
print(json.dumps(result))
