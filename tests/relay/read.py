"""Reads everything an edge stored and logged, and what was recorded on the wires, and looks for people in it. No code of the product.

Stdin: one JSON object
  values   {name: base64 of a personal value}
  secrets  [path of a file with a private key that the edge must not have]
  places   {name: path of a file or folder}; each is read whole
  own      path of the one file that may hold a private key
  control  path of a file where every value stands readable: a search that does not find them there proves nothing
Stdout: one JSON object; `found` and `keys` must be empty, `unseen` too.
Forms looked for: UTF-8, UTF-16 both ways, hex, base64 (both alphabets, all three alignments), percent encoding, JSON escapes, and all
of these again inside whatever gzip or zlib stream is found.
"""
import base64
import json
import os
import re
import sys
import urllib.parse
import zlib

SHORTEST = 6  # bytes of a form; shorter ones would be found by chance


def of_base64(raw):
    """What stays the same of the base64 of a text in which `raw` stands at any place."""
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw)
        # The first group mixes with what stands before, the last with what stands behind.
        first = (shift * 8 + 5) // 6
        last = (shift + len(raw)) * 8 // 6
        yield text[first:last]
        yield text[first:last].replace(b"+", b"-").replace(b"/", b"_")


def forms(raw):
    found = {raw, raw.hex().encode(), raw.hex().upper().encode(), *of_base64(raw)}
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return {form for form in found if len(form) >= SHORTEST}
    found |= {text.encode("utf-16-le"), text.encode("utf-16-be")}
    found.add(urllib.parse.quote(text).encode())
    escaped = json.dumps(text)[1:-1].encode()
    found |= {escaped, escaped.upper().replace(b"\\U", b"\\u")}
    return {form for form in found if len(form) >= SHORTEST}


def unpacked(data):
    """Whatever is a gzip or zlib stream inside."""
    for start in re.finditer(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", data):
        try:
            plain = zlib.decompressobj(wbits=47).decompress(data[start.start():], 1 << 24)
        except zlib.error:
            continue
        if len(plain) >= SHORTEST:
            yield plain


def files(path):
    if os.path.isfile(path):
        yield path
    for folder, _, names in os.walk(path):
        for name in sorted(names):
            full = os.path.join(folder, name)
            if os.path.isfile(full):
                yield full


def secret_forms(path):
    data = open(path, "rb").read()
    for body in re.findall(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----([^-]*)-----END", data):
        der = base64.b64decode(body)
        # The last 32 bytes of an Ed25519 key are its seed; of others the whole is looked for.
        for raw in (der, der[-32:] if len(der) == 48 else der[36:68]):
            yield from forms(raw)
        yield from (line.strip() for line in body.splitlines() if len(line.strip()) > 20)
    yield from re.findall(rb"AGE-SECRET-KEY-1[0-9A-Z]+", data)


asked = json.load(sys.stdin)
values = {name: forms(base64.b64decode(text)) for name, text in asked["values"].items()}
secrets = {path: set(secret_forms(path)) for path in asked["secrets"]}
if not all(secrets.values()):
    sys.exit("a secret has no form to look for")
own = os.path.realpath(asked["own"])


def look(data, needles):
    streams = [data, *unpacked(data)]
    return {name for name, these in needles.items() if any(form in stream for stream in streams for form in these)}


unseen = set(values) - look(open(asked["control"], "rb").read(), values)
found, keys, read, count = [], [], {}, 0
for place, path in asked["places"].items():
    read[place] = 0
    for file in files(path):
        data = open(file, "rb").read()
        read[place] += len(data)
        count += 1
        found += [[place, os.path.basename(file), name] for name in sorted(look(data, values))]
        keys += [[place, os.path.basename(file), os.path.basename(name)] for name in sorted(look(data, secrets))]
        marked = b"PRIVATE KEY" in data or b"AGE-SECRET-KEY" in data
        if marked and os.path.realpath(file) != own:
            keys.append([place, os.path.basename(file), "a private key"])
print(json.dumps({
    "values_searched": len(values),
    "forms": sum(len(these) for these in values.values()),
    "secrets_searched": len(secrets),
    "files": count,
    "bytes": read,
    "found": found,
    "keys": keys,
    "unseen": sorted(unseen),
}))
