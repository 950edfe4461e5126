//! The catalogue as shipped passes its own check, and the checker finds what is planted.

use services_catalog::{Catalogue, Source};
use std::path::Path;

fn shipped() -> Source {
    ambient::read_tree(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the catalogue's folder can be read")
}

#[test]
fn the_shipped_catalogue_is_clean() {
    if let Err(findings) = Catalogue::load(&shipped()) {
        let all: Vec<String> = findings.iter().map(ToString::to_string).collect();
        panic!("{} findings:\n{}", all.len(), all.join("\n"));
    }
}

/// Replaces one text in one file and gives what is then found.
fn planted(path: &str, from: &str, to: &str) -> Vec<services_catalog::Finding> {
    let mut source = shipped();
    let text = source.get_mut(path).expect("the file exists");
    assert!(text.contains(from), "{path} holds no {from}");
    *text = text.replacen(from, to, 1);
    Catalogue::load(&source).err().unwrap_or_default()
}

/// Expects exactly one finding in that file (examples may stumble over the same fault), at the line of `marker`, whose words hold `what` and whose hint holds `hint`.
fn expect_one(path: &str, from: &str, to: &str, what: &str, hint: &str) {
    let line = shipped()[path].lines().position(|line| line.contains(from.lines().last().unwrap_or(from)));
    let findings = planted(path, from, to);
    let findings: Vec<_> = findings.iter().filter(|finding| finding.file == path).collect();
    let [finding] = &findings[..] else { panic!("one finding expected for {to:?}: {findings:#?}") };
    assert_eq!(finding.file, path);
    assert_eq!(Some(finding.line), line.map(|line| line + 1), "{finding}");
    assert!(finding.what.contains(what) && finding.hint.contains(hint), "{finding}");
}

const ID: &str = "services/id-replace-lost/service.toml";
const DRIVER: &str = "services/dl-renew-expiry/service.toml";
const BIRTH: &str = "services/birth-registration/service.toml";
const TOUR: &str = "services/hkm-endorse-tour/service.toml";

#[test]
fn each_planted_fault_is_found_with_its_line_and_a_hint() {
    expect_one(ID, "category = \"id-card\"", "category = \"id-crad\"", "no category", "did you mean `id-card`");
    expect_one(ID, "minutes = 8", "minuts = 8\nminutes = 8", "does not know `minuts`", "did you mean `minutes`");
    expect_one(ID, "profile = \"id-photo\"", "profile = \"id-foto\"", "no photo profile", "did you mean `id-photo`");
    expect_one(ID, "answer.collect = 'post'", "answer.colect = 'post'", "no field asks", "did you mean `collect`");
    expect_one(ID, "fee]\nyuan = 40", "fee]\nyuan = \"40\"", "`yuan` is", "whole number");
    expect_one(DRIVER, "rule = \"licence-file-number\"", "rule = \"licence-number\"", "no rule", "did you mean");
    expect_one(BIRTH, "answer.born.months-left", "answer.born.weeks-left", "no measure of a day", "months-left");
    expect_one(BIRTH, "answer.born.months-left", "answer.before.months-left", "asks for none", "`date`");
    expect_one(BIRTH, "[\"guardian\"]", "[\"guardian\", \"own\"]", "without a number", "only a guardian");
    expect_one(ID, "\"collect\", \"post-to\"]", "\"colect\"]", "no field is called `colect`", "name a field");
    expect_one(
        DRIVER,
        "when = \"licence.expires.days-left > 90\"",
        "when = \"licence.expires.days-left >\"",
        "number",
        "character",
    );
}

#[test]
fn a_fee_that_depends_has_a_most_above_its_least() {
    let findings = planted(TOUR, "most = 45", "most = 15");
    assert!(findings.iter().any(|finding| finding.file == TOUR && finding.what.contains("`most`")), "{findings:#?}");
}

#[test]
fn the_month_of_each_window_is_counted_to_the_day() {
    for (path, from, to, example) in [
        ("residence-permit-endorse", "months-left > 1", "months-left > 2", "day-before-the-month"),
        ("residence-permit-endorse", "months-left > 1", "months-left > 0", "first-day"),
        ("residence-permit-endorse", "days-left < 0", "days-left < 1", "last-day"),
        ("birth-registration", "months-left < -1", "months-left < 0", "last-day-of-the-month"),
        ("birth-registration", "months-left < -1", "months-left < -2", "a-day-late"),
        ("residence-certificate", "days-left < 0", "days-left < 1", "last-day"),
        ("hkm-endorse-tour", "days-left < 0", "days-left < -1", "permit-ended-yesterday"),
    ] {
        let findings = planted(&format!("services/{path}/service.toml"), from, to);
        let file = format!("services/{path}/examples/{example}.toml");
        assert!(findings.iter().any(|finding| finding.file == file), "{path} {to}: {findings:#?}");
    }
}

#[test]
fn an_unknown_kind_is_never_taken_for_a_text() {
    let findings = planted(ID, "kind = \"phone\"", "kind = \"fone\"");
    let kind = findings.iter().find(|finding| finding.what.contains("`fone` is no kind of field"));
    assert!(kind.is_some_and(|finding| finding.hint.contains("did you mean `phone`")), "{findings:#?}");
}

#[test]
fn several_faults_in_several_files_are_all_reported_at_once() {
    let mut source = shipped();
    for (path, from, to) in [
        (ID, "priority = 5", "priority = 50"),
        (DRIVER, "handling = \"acceptance\"", "handling = \"instant\""),
        ("services/passport-minor/texts.en.toml", "name = \"Passport for a child\"", ""),
    ] {
        let text = source.get_mut(path).expect("the file exists");
        *text = text.replacen(from, to, 1);
    }
    let findings = Catalogue::load(&source).expect_err("three faults");
    let files: Vec<&str> = findings.iter().map(|finding| finding.file.as_str()).collect();
    assert_eq!(files, [DRIVER, ID, "services/passport-minor/texts.en.toml"], "{findings:#?}");
}

#[test]
fn an_example_that_the_service_contradicts_is_a_finding() {
    let findings = planted(DRIVER, "days-left > 90", "days-left > 91");
    assert!(
        findings
            .iter()
            .any(|finding| finding.file.ends_with("examples/too-early.toml") && finding.what.contains("says yes")),
        "{findings:#?}"
    );
}
