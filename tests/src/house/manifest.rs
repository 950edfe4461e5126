//! `Cargo.toml` files read as data, and what every one of them must say.

use std::collections::BTreeMap;
use toml::{Table, Value};

/// One member of the workspace.
pub(super) struct Manifest {
    pub(super) path: String,
    pub(super) table: Table,
}

impl Manifest {
    pub(super) fn read(path: &str, text: &str) -> Self {
        let table = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        Self { path: path.to_owned(), table }
    }

    pub(super) fn name(&self) -> &str {
        self.table.get("package").and_then(|package| package.get("name")).and_then(Value::as_str).unwrap_or_default()
    }

    /// The folder of the package, relative to the root.
    pub(super) fn folder(&self) -> &str {
        self.path.strip_suffix("/Cargo.toml").unwrap_or_default()
    }

    /// Dependencies by the name they are used under, over all targets: (name, what is written, development only).
    pub(super) fn dependencies(&self) -> Vec<(&str, &Value, bool)> {
        let mut tables: Vec<&Table> = vec![&self.table];
        if let Some(targets) = self.table.get("target").and_then(Value::as_table) {
            tables.extend(targets.values().filter_map(Value::as_table));
        }
        let mut found = Vec::new();
        for table in tables {
            for (kind, dev) in [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)] {
                let entries = table.get(kind).and_then(Value::as_table).into_iter().flatten();
                found.extend(entries.map(|(name, value)| (name.as_str(), value, dev)));
            }
        }
        found
    }
}

/// All members, read from the tree.
pub(super) fn members() -> Vec<Manifest> {
    let files = super::tree::files("Cargo.toml");
    files.iter().filter(|(path, _)| *path != "Cargo.toml").map(|(path, text)| Manifest::read(path, text)).collect()
}

/// The workspace's shared table of a section, e.g. `dependencies`.
pub(super) fn workspace(section: &str) -> BTreeMap<String, Value> {
    let root: Table = super::tree::text("Cargo.toml").parse().expect("the root manifest is TOML");
    let table = root.get("workspace").and_then(|workspace| workspace.get(section)).and_then(Value::as_table);
    table.cloned().unwrap_or_default().into_iter().collect()
}

/// What a manifest lacks: shared lints, the licence, no publishing.
fn findings(manifest: &Manifest, shared_licence: &str) -> Vec<String> {
    let mut found = Vec::new();
    let at = &manifest.path;
    let inherits = |value: Option<&Value>| {
        value.and_then(|value| value.get("workspace")).and_then(Value::as_bool).unwrap_or(false)
    };
    if !inherits(manifest.table.get("lints")) {
        found.push(format!("{at}: no `[lints] workspace = true`"));
    }
    let package = manifest.table.get("package");
    let licence = package.and_then(|package| package.get("license"));
    let licence = if inherits(licence) { Some(shared_licence) } else { licence.and_then(Value::as_str) };
    if licence != Some("GPL-3.0-only") {
        found.push(format!("{at}: the licence is {licence:?}, not GPL-3.0-only"));
    }
    let publish = package.and_then(|package| package.get("publish"));
    if !inherits(publish) && publish.and_then(Value::as_bool) != Some(false) {
        found.push(format!("{at}: `publish` is not switched off"));
    }
    found
}

/// Features that are on when nobody asks, followed through the feature table.
fn default_features(manifest: &Manifest) -> Vec<String> {
    let table = manifest.table.get("features").and_then(Value::as_table);
    let mut open = vec!["default".to_owned()];
    let mut on: Vec<String> = Vec::new();
    while let Some(feature) = open.pop() {
        if on.contains(&feature) {
            continue;
        }
        let more = table.and_then(|table| table.get(&feature)).and_then(Value::as_array).into_iter().flatten();
        open.extend(more.filter_map(Value::as_str).map(str::to_owned));
        on.push(feature);
    }
    on
}

/// Places where the test socket would come into a release build: a default feature, or a dependency asking for it.
fn robot_in_release(manifest: &Manifest) -> Vec<String> {
    let is_robot = |feature: &str| feature == "robot" || feature.ends_with("/robot");
    let mut found: Vec<String> = default_features(manifest)
        .into_iter()
        .filter(|feature| is_robot(feature))
        .map(|feature| format!("{}: `{feature}` is on by default", manifest.path))
        .collect();
    for (name, value, dev) in manifest.dependencies() {
        let features = value.get("features").and_then(Value::as_array).into_iter().flatten();
        if !dev && features.filter_map(Value::as_str).any(is_robot) {
            found.push(format!("{}: `{name}` is asked for with `robot`", manifest.path));
        }
    }
    found
}

#[test]
fn every_manifest_takes_the_shared_lints_and_the_licence() {
    let shared = workspace("package");
    let licence = shared.get("license").and_then(Value::as_str).unwrap_or_default();
    let found: Vec<String> = members().iter().flat_map(|manifest| findings(manifest, licence)).collect();
    super::tree::expect_none(&found);
}

#[test]
fn a_release_build_lacks_the_test_socket() {
    let found: Vec<String> = members().iter().flat_map(robot_in_release).collect();
    super::tree::expect_none(&found);
}

#[test]
fn planted_faults_in_manifests_are_found() {
    let good = "[package]\nname = \"a\"\nlicense.workspace = true\npublish = false\n[lints]\nworkspace = true\n";
    assert_eq!(findings(&Manifest::read("a", good), "GPL-3.0-only"), Vec::<String>::new());
    assert_eq!(findings(&Manifest::read("a", good), "MIT").len(), 1);
    let bare = Manifest::read("a", "[package]\nname = \"a\"\nlicense = \"MIT\"\n");
    assert_eq!(findings(&bare, "GPL-3.0-only").len(), 3);

    for planted in [
        "[features]\ndefault = [\"all\"]\nall = [\"robot\"]\nrobot = []",
        "[features]\ndefault = [\"kiosk/robot\"]",
        "[dependencies]\nkiosk = { path = \"x\", features = [\"robot\"] }",
        "[target.'cfg(unix)'.dependencies]\nkiosk = { path = \"x\", features = [\"robot\"] }",
    ] {
        assert_eq!(robot_in_release(&Manifest::read("a", planted)).len(), 1, "{planted}");
    }
    let asked = Manifest::read("a", "[features]\ndefault = []\nrobot = []");
    assert_eq!(robot_in_release(&asked), Vec::<String>::new());
}
