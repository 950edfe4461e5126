//! The short run of the fuzz targets, on the ordinary build: the corpus, every input that once broke something, and some
//! thousand mutations of them by a seed that is said when something breaks. `make fuzz` is the real one.

use decoders::TARGETS;
use decoders::mutation::{Dice, mutate};
use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

/// Mutations for each target.
const TRIES: usize = 500;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz").join(name)
}

/// Files of a target, by name; a folder that is not there has none.
fn inputs(kind: &str, target: &str) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder(kind).join(target)).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.display().to_string(), std::fs::read(&path).expect("an input"))).collect()
}

fn breaks(holds: fn(&[u8]), bytes: &[u8]) -> bool {
    catch_unwind(|| holds(bytes)).is_err()
}

#[test]
fn every_target_holds_of_its_corpus_and_of_what_once_broke_it() {
    let mut broken = Vec::new();
    for target in TARGETS {
        let corpus = inputs("corpus", target.name);
        assert!(!corpus.is_empty(), "{} has no corpus: cargo run -p decoders --example seeds", target.name);
        for (name, bytes) in corpus.into_iter().chain(inputs("regressions", target.name)) {
            if breaks(target.holds, &bytes) {
                broken.push(name);
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_target_holds_of_mutations() {
    let seed = u64::from_le_bytes(ambient::random_bytes());
    for target in TARGETS {
        let corpus: Vec<Vec<u8>> = inputs("corpus", target.name)
            .into_iter()
            .chain(inputs("regressions", target.name))
            .map(|it| it.1)
            .collect();
        let mut dice = Dice::new(seed);
        for number in 0..TRIES {
            let mut bytes = corpus[dice.below(corpus.len())].clone();
            mutate(&mut bytes, &corpus[dice.below(corpus.len())], &mut dice);
            if breaks(target.holds, &bytes) {
                let shown = String::from_utf8_lossy(&bytes).into_owned();
                panic!("{}: seed {seed:#x}, mutation {number}: {}\n{shown}", target.name, hex::encode(&bytes));
            }
        }
    }
}

#[test]
fn a_planted_fault_behind_four_letters_is_found_by_mutations() {
    fn planted(bytes: &[u8]) {
        assert!(!bytes.windows(4).any(|window| window == b"null"), "planted");
    }
    let mut dice = Dice::new(1);
    let found = (0..TRIES).any(|_| {
        let mut bytes = br#"{"a":"b"}"#.to_vec();
        mutate(&mut bytes, b"", &mut dice);
        breaks(planted, &bytes)
    });
    assert!(found);
}

#[test]
fn each_target_has_its_program_and_its_line_in_the_readme() {
    let readme = std::fs::read_to_string(folder("README.md")).expect("fuzz/README.md");
    let manifest = std::fs::read_to_string(folder("Cargo.toml")).expect("fuzz/Cargo.toml");
    let names: BTreeSet<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names.len(), TARGETS.len());
    for name in &names {
        assert!(readme.contains(&format!("`{name}`")), "{name} is not in fuzz/README.md");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is not in fuzz/Cargo.toml");
        let program = folder("fuzz_targets").join(format!("{}.rs", name.replace('-', "_")));
        let text = std::fs::read_to_string(program).expect("a fuzz target");
        assert!(text.contains(&format!("decoders::hold(\"{name}\", data)")), "{name} feeds another target");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), names.len());
}
