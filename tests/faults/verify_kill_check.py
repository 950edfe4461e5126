"""Independent verifier of the kill check: plain SQL over the office's and the kiosk's databases, no code of the product.

Reads one JSON object from stdin: {"office_db", "kiosk_db", "spool", "told": [id], "acked": [id]}; prints one JSON object.
lost          = told to a person, yet no case in the office
duplicated    = one errand (or one submission id) with more than one case
false_success = acknowledged on the kiosk without a submission in the office, or told without a trace on the kiosk
"""
import json
import os
import sqlite3
import sys


def column(path, sql):
    with sqlite3.connect(path) as database:
        return [row[0] for row in database.execute(sql)]


asked = json.load(sys.stdin)
for path in (asked["office_db"], asked["kiosk_db"]):
    answer = column(path, "PRAGMA integrity_check")
    if answer != ["ok"]:
        sys.exit(f"{path}: {answer}")

case_ids = column(asked["office_db"], "SELECT submission FROM office_case")
errands = column(asked["office_db"], "SELECT service FROM office_case")
submissions = set(column(asked["office_db"], "SELECT id FROM submission"))
kiosk_ids = set(column(asked["kiosk_db"], "SELECT id FROM items UNION ALL SELECT id FROM tombstones"))

told = set(asked["told"])
acked = set(asked["acked"])
lost = told - set(case_ids)
false_success = (acked - submissions) | (told - kiosk_ids)
print(json.dumps({
    "told": len(told),
    "cases": len(case_ids),
    "lost": len(lost),
    "duplicated": (len(errands) - len(set(errands))) + (len(case_ids) - len(set(case_ids))),
    "false_success": len(false_success),
    "left_in_spool": len(os.listdir(asked["spool"])),
}))
