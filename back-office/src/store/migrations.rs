//! The schema, counted by `user_version`. A step that has shipped is never changed, only followed.

use super::StoreError;
use rusqlite::Connection;

const STEPS: &[&str] = &[
    // 1: intake, cases, work, outcomes, certificates, audit.
    "
    CREATE TABLE submission (
        id TEXT PRIMARY KEY,
        kiosk TEXT NOT NULL,
        service TEXT NOT NULL,
        form_version INTEGER NOT NULL,
        digest TEXT NOT NULL,
        manifest TEXT NOT NULL,
        receipt TEXT NOT NULL,
        received_at INTEGER NOT NULL
    );
    CREATE TABLE office_case (
        id TEXT PRIMARY KEY,
        submission TEXT NOT NULL UNIQUE REFERENCES submission (id),
        service TEXT NOT NULL,
        title TEXT NOT NULL,
        branch TEXT NOT NULL,
        station TEXT NOT NULL,
        place TEXT NOT NULL,
        status TEXT NOT NULL,
        priority INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        due_on TEXT,
        promised_on TEXT,
        statutory_on TEXT,
        supplement_by TEXT,
        code TEXT,
        last_four TEXT,
        ticket TEXT,
        open TEXT NOT NULL,
        holder TEXT,
        lease_until INTEGER,
        claim_epoch INTEGER NOT NULL,
        version INTEGER NOT NULL
    );
    CREATE INDEX case_queue ON office_case (place, branch, priority, due_on, received_at);
    CREATE INDEX case_code ON office_case (code) WHERE code IS NOT NULL;
    CREATE TABLE decision (
        case_id TEXT NOT NULL REFERENCES office_case (id),
        seq INTEGER NOT NULL,
        at INTEGER NOT NULL,
        officer TEXT NOT NULL,
        decision TEXT NOT NULL,
        status TEXT NOT NULL,
        PRIMARY KEY (case_id, seq)
    );
    CREATE TABLE work (
        submission TEXT PRIMARY KEY REFERENCES submission (id),
        tries INTEGER NOT NULL,
        not_before INTEGER NOT NULL,
        last_error TEXT
    );
    CREATE TABLE outcome (
        submission TEXT PRIMARY KEY REFERENCES submission (id),
        number TEXT,
        ticket TEXT,
        shown_from INTEGER NOT NULL
    );
    CREATE TABLE certificate (
        number TEXT PRIMARY KEY,
        submission TEXT NOT NULL UNIQUE REFERENCES submission (id),
        layout TEXT NOT NULL,
        state TEXT NOT NULL,
        issued_on TEXT NOT NULL
    );
    CREATE TABLE sequence (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
    CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        leaf TEXT NOT NULL,
        hash TEXT NOT NULL
    );
    ",
    // 2: the officer's workbench: the clock of law, two people, whose turn it is, what was checked, who saw what was closed.
    "
    ALTER TABLE office_case ADD COLUMN accepted_on TEXT;
    ALTER TABLE office_case ADD COLUMN clock_since TEXT;
    ALTER TABLE office_case ADD COLUMN used_working INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE office_case ADD COLUMN used_calendar INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE office_case ADD COLUMN second TEXT;
    ALTER TABLE office_case ADD COLUMN sticky_to TEXT;
    ALTER TABLE office_case ADD COLUMN sticky_until INTEGER;
    UPDATE office_case SET accepted_on =
        (SELECT date(at / 1000 + 28800, 'unixepoch') FROM decision
         WHERE case_id = office_case.id AND decision.status = 'accepted' ORDER BY seq LIMIT 1);
    UPDATE office_case SET clock_since = accepted_on WHERE status = 'accepted';
    ALTER TABLE decision ADD COLUMN note TEXT;
    ALTER TABLE audit ADD COLUMN object TEXT NOT NULL DEFAULT '';
    UPDATE audit SET object = json_extract(leaf, '$.object');
    CREATE INDEX audit_object ON audit (object, seq);
    CREATE TABLE mark (
        case_id TEXT NOT NULL REFERENCES office_case (id),
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        officer TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (case_id, kind, name)
    );
    CREATE TABLE notice (
        case_id TEXT NOT NULL REFERENCES office_case (id),
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        on_day TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (case_id, kind, name, on_day)
    );
    CREATE TABLE closed_view (
        case_id TEXT NOT NULL REFERENCES office_case (id),
        officer TEXT NOT NULL,
        at INTEGER NOT NULL,
        reason BLOB NOT NULL
    );
    CREATE INDEX closed_view_case ON closed_view (case_id, officer, at);
    ",
    // 3: supplements: submissions that belong to a case that was there before them; finding a person's own cases.
    "
    CREATE TABLE supplement (
        submission TEXT PRIMARY KEY REFERENCES submission (id),
        case_id TEXT NOT NULL REFERENCES office_case (id),
        at INTEGER NOT NULL
    );
    CREATE INDEX supplement_case ON supplement (case_id, at);
    CREATE INDEX case_last_four ON office_case (last_four, received_at) WHERE last_four IS NOT NULL;
    ",
    // 4: the counter: tickets, collection, reasons that are sealed, revoked certificates, ratings, sending notices.
    "
    CREATE TABLE ticket (
        day TEXT NOT NULL,
        number TEXT NOT NULL,
        case_id TEXT NOT NULL REFERENCES office_case (id),
        state TEXT NOT NULL,
        drawn_at INTEGER NOT NULL,
        called_at INTEGER,
        done_at INTEGER,
        calls INTEGER NOT NULL DEFAULT 0,
        window TEXT,
        PRIMARY KEY (day, number)
    );
    CREATE INDEX ticket_state ON ticket (state, day, drawn_at);
    CREATE INDEX ticket_case ON ticket (case_id);
    CREATE TABLE collection (
        case_id TEXT PRIMARY KEY REFERENCES office_case (id),
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        certificate TEXT,
        sealed_number BLOB,
        sealed_tracking BLOB,
        ready_at INTEGER NOT NULL,
        done_at INTEGER,
        handed_to TEXT,
        prints INTEGER NOT NULL
    );
    CREATE INDEX collection_state ON collection (state, ready_at);
    CREATE TABLE sealed_reason (
        object TEXT NOT NULL,
        act TEXT NOT NULL,
        officer TEXT NOT NULL,
        at INTEGER NOT NULL,
        reason BLOB NOT NULL
    );
    CREATE INDEX sealed_reason_object ON sealed_reason (object, at);
    ALTER TABLE certificate ADD COLUMN revoked_at INTEGER;
    CREATE TABLE rating (
        submission TEXT PRIMARY KEY REFERENCES submission (id),
        stars INTEGER NOT NULL,
        at INTEGER NOT NULL
    );
    ALTER TABLE notice ADD COLUMN sent_at INTEGER;
    ALTER TABLE notice ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE notice ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE notice ADD COLUMN last_error TEXT;
    CREATE INDEX notice_waiting ON notice (not_before) WHERE sent_at IS NULL;
    CREATE INDEX case_received ON office_case (received_at);
    CREATE INDEX decision_at ON decision (at);
    ",
    // 5: services opened at the counter, and half-done visits that wait to be taken up there.
    "
    CREATE TABLE opening (
        id TEXT PRIMARY KEY,
        code TEXT NOT NULL,
        service TEXT NOT NULL,
        branch TEXT NOT NULL,
        station TEXT NOT NULL,
        state TEXT NOT NULL,
        submission TEXT UNIQUE REFERENCES submission (id),
        begun_at INTEGER NOT NULL,
        touched_at INTEGER NOT NULL,
        version INTEGER NOT NULL,
        officer TEXT,
        case_id TEXT REFERENCES office_case (id),
        sealed BLOB
    );
    CREATE INDEX opening_code ON opening (code);
    CREATE INDEX opening_state ON opening (state, touched_at);
    CREATE TABLE opening_part (
        opening TEXT NOT NULL REFERENCES opening (id),
        sha256 TEXT NOT NULL,
        doomed INTEGER NOT NULL,
        PRIMARY KEY (opening, sha256)
    );
    CREATE INDEX opening_part_doomed ON opening_part (doomed) WHERE doomed = 1;
    ",
    // 6: sealed answers that rode inside the manifest's request: no file of their own.
    "
    CREATE TABLE submission_part (
        submission TEXT NOT NULL REFERENCES submission (id),
        sha256 TEXT NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (submission, sha256)
    );
    ",
    // 7: the order of a case's submissions; what came before is first in its own chain, supplements after it.
    "
    ALTER TABLE submission ADD COLUMN chain_first TEXT;
    ALTER TABLE submission ADD COLUMN chain_seq INTEGER NOT NULL DEFAULT 0;
    UPDATE submission SET chain_seq = 1, chain_first =
        (SELECT office_case.submission FROM supplement JOIN office_case ON office_case.id = supplement.case_id
         WHERE supplement.submission = submission.id)
    WHERE id IN (SELECT submission FROM supplement);
    CREATE INDEX submission_chain ON submission (chain_first, chain_seq) WHERE chain_seq > 0;
    ",
    // 8: officers' credentials beside the password: second factor with recovery codes, passkeys; who was locked.
    "
    CREATE TABLE officer_factor (
        officer TEXT PRIMARY KEY,
        sealed BLOB NOT NULL,
        confirmed_at INTEGER,
        last_step INTEGER NOT NULL
    );
    CREATE TABLE officer_recovery (
        officer TEXT NOT NULL,
        hash TEXT NOT NULL,
        used_at INTEGER,
        PRIMARY KEY (officer, hash)
    );
    CREATE TABLE officer_passkey (
        id TEXT PRIMARY KEY,
        officer TEXT NOT NULL,
        name TEXT NOT NULL,
        passkey TEXT NOT NULL,
        added_at INTEGER NOT NULL,
        used_at INTEGER,
        locked_at INTEGER
    );
    CREATE INDEX officer_passkey_officer ON officer_passkey (officer);
    CREATE TABLE officer_lock (officer TEXT PRIMARY KEY, since INTEGER NOT NULL);
    ",
    // Kiosks, their certificates and the codes by which machines become kiosks.
    "
    CREATE TABLE kiosk (
        id TEXT PRIMARY KEY,
        number INTEGER NOT NULL,
        station TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT,
        device_key TEXT,
        protection TEXT,
        code_hash TEXT,
        code_until INTEGER,
        code_wrong INTEGER NOT NULL DEFAULT 0,
        code_used_by TEXT,
        chain TEXT,
        serial TEXT,
        issued_at INTEGER,
        not_after INTEGER,
        since INTEGER,
        accepted_late INTEGER NOT NULL DEFAULT 0,
        waiting INTEGER,
        waiting_at INTEGER
    );
    CREATE TABLE kiosk_certificate (
        serial TEXT PRIMARY KEY,
        kiosk TEXT NOT NULL REFERENCES kiosk (id),
        issued_at INTEGER NOT NULL,
        not_after INTEGER NOT NULL,
        standing TEXT NOT NULL
    );
    CREATE INDEX kiosk_certificate_kiosk ON kiosk_certificate (kiosk, standing);
    ",
    // 10: the audit log becomes a Merkle tree with signed checkpoints; the chained hashes go. `audit::build` does the rest.
    "
    CREATE TABLE audit_node (
        level INTEGER NOT NULL,
        position INTEGER NOT NULL,
        hash BLOB NOT NULL,
        PRIMARY KEY (level, position)
    ) WITHOUT ROWID;
    CREATE TABLE checkpoint (
        size INTEGER PRIMARY KEY,
        root BLOB NOT NULL,
        at INTEGER NOT NULL,
        note TEXT NOT NULL
    );
    ALTER TABLE audit DROP COLUMN hash;
    ",
    // How full a kiosk's outbox is, as it says.
    "ALTER TABLE kiosk ADD COLUMN outbox TEXT;",
    // 12: which custody holds the keys of what lies here; written when the first start with one has taken everything over.
    "
    CREATE TABLE custody (id TEXT NOT NULL);
    ",
    // 13: the end of a case: when it was closed, whether it is held back, being erased or erased, and how many keys ended.
    "
    ALTER TABLE office_case ADD COLUMN closed_at INTEGER;
    ALTER TABLE office_case ADD COLUMN retention TEXT;
    ALTER TABLE office_case ADD COLUMN erased_at INTEGER;
    ALTER TABLE office_case ADD COLUMN keys_ended INTEGER;
    UPDATE office_case SET closed_at =
        COALESCE((SELECT MAX(at) FROM decision WHERE case_id = office_case.id), received_at) WHERE place = 'closed';
    CREATE INDEX case_over ON office_case (closed_at) WHERE place = 'closed' AND (retention IS NULL OR retention = 'erasing');
    ",
    // 14: whose keys ended with which case; the last moment that clock and rule were sure, here first that of the newest leaf,
    // with no rule that anybody has confirmed.
    "
    CREATE TABLE ended_owner (owner TEXT PRIMARY KEY, case_id TEXT NOT NULL) WITHOUT ROWID;
    INSERT OR IGNORE INTO ended_owner (owner, case_id)
        SELECT id, id FROM office_case WHERE retention = 'erased'
        UNION ALL SELECT submission, id FROM office_case WHERE retention = 'erased'
        UNION ALL SELECT supplement.submission, case_id FROM supplement
            JOIN office_case ON office_case.id = case_id WHERE retention = 'erased';
    CREATE TABLE retention_clock (at INTEGER NOT NULL, days INTEGER);
    INSERT INTO retention_clock (at, days)
        SELECT COALESCE(CAST(strftime('%s', json_extract(leaf, '$.at')) AS INTEGER), 0) * 1000, NULL
        FROM audit ORDER BY seq DESC LIMIT 1;
    ",
    // 15: when the newest key list was made that this office has taken.
    "
    CREATE TABLE key_list (issued_at INTEGER NOT NULL);
    ",
    // 16: the keys of a kiosk's earlier machines, and whether what they signed is taken.
    "
    CREATE TABLE former_kiosk_key (
        kiosk TEXT NOT NULL REFERENCES kiosk (id),
        key TEXT NOT NULL,
        until INTEGER NOT NULL,
        accepted INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (kiosk, key)
    ) WITHOUT ROWID;
    ",
];

/// What follows a step in its transaction.
type Deed = fn(&Connection) -> Result<(), StoreError>;

/// What cannot be said in SQL, by the number of its step.
const AFTER: &[(u32, Deed)] = &[(10, super::audit::build)];

/// Brings the schema up to date.
pub(super) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    let done: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if usize::try_from(done).map_or(true, |done| done > STEPS.len()) {
        return Err(StoreError::Database("this database was made by a newer yimen-office".into()));
    }
    for (number, step) in (1_u32..).zip(STEPS).filter(|(number, _)| *number > done) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        for (_, then) in AFTER.iter().filter(|(after, _)| *after == number) {
            then(&transaction)?;
        }
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_the_first_step_keeps_its_cases_and_learns_when_they_were_accepted() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(STEPS[0]).unwrap();
        connection
            .execute_batch(
                "PRAGMA user_version = 1;
                 INSERT INTO submission VALUES ('s', 'k', 'x', 1, 'd', 'm', 'r', 0);
                 INSERT INTO office_case VALUES ('c', 's', 'x', 'x', 'b', 't', 'queue', 'accepted', 5, 0, NULL, NULL,
                     NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, 3, 4);
                 INSERT INTO decision VALUES ('c', 1, 1795363199000, 'o', '{}', 'accepted');
                 INSERT INTO audit VALUES (1, '{\"object\":\"case:c\"}', 'h');",
            )
            .unwrap();
        run(&mut connection).unwrap();
        let text = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        // 2026-11-22T15:59:59Z is the last second of that day in China.
        assert_eq!(text("SELECT accepted_on FROM office_case"), "2026-11-22");
        assert_eq!(text("SELECT clock_since FROM office_case"), "2026-11-22");
        assert_eq!(text("SELECT object FROM audit"), "case:c");
    }

    #[test]
    fn leaves_of_the_chain_keep_their_text_and_stand_under_the_tree() {
        let mut connection = Connection::open_in_memory().unwrap();
        for step in &STEPS[..8] {
            connection.execute_batch(step).unwrap();
        }
        connection.execute_batch("PRAGMA user_version = 8").unwrap();
        let leaf = |seq: i64| {
            format!(
                "{{\"action\":\"a\",\"actor\":\"office\",\"at\":\"2026-11-22T00:00:00Z\",\"details\":{{}},\"object\":\"x:{seq}\",\"seq\":{seq}}}"
            )
        };
        for seq in 1..=5 {
            connection.execute("INSERT INTO audit VALUES (?1, ?2, 'chained', 'x')", (seq, leaf(seq))).unwrap();
        }
        run(&mut connection).unwrap();
        let checked = super::super::audit::check(&connection).unwrap();
        assert_eq!((checked.ok, checked.leaves), (true, 5), "{checked:?}");
        assert_eq!(super::super::audit::leaf(&connection, 4).unwrap(), Some(leaf(5)));
        let nodes: i64 = connection.query_row("SELECT COUNT(*) FROM audit_node", [], |row| row.get(0)).unwrap();
        assert_eq!(nodes, 5 + 2 + 1);
    }
}
