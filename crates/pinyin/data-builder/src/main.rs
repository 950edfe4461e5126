//! Builds `crates/pinyin/data/lexicon.bin` from the word list of jieba-rs (MIT), the reading table of the `pinyin` package (MIT)
//! and the hand-kept lists in `sources/`. Same inputs, same bytes: nothing here reads a clock, an environment or a network.
//! Deliberately not here: any corpus of people's typing; the engine learns from nobody.

mod build;
mod file;
mod names;
mod readings_table;
mod words;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Where the built file is kept, from this package's folder.
const LEXICON: &str = "../data/lexicon.bin";

fn main() -> Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bytes = lexicon(here)?;
    std::fs::write(here.join(LEXICON), bytes).context("writing the lexicon")
}

/// The lexicon's bytes, from the sources pinned by `Cargo.lock` and kept beside this package.
fn lexicon(here: &Path) -> Result<Vec<u8>> {
    let read = |path: PathBuf| std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()));
    let source = |name: &str| read(here.join("sources").join(name));
    build::build(&build::Sources {
        jieba: read(package_dir(here, "jieba-rs", "0.11.0")?.join("src/data/dict.txt"))?,
        readings: read(package_dir(here, "pinyin", "0.11.0")?.join("pinyin-data/pinyin.txt"))?,
        polyphones: source("polyphones.txt")?,
        fragments: source("fragments.txt")?,
        places: source("places.txt")?,
        service_words: source("service-words.txt")?,
        surnames: source("surnames.txt")?,
        given: source("given-characters.txt")?,
    })
}

/// The unpacked folder of a package that Cargo has already fetched for this workspace.
fn package_dir(here: &Path, name: &str, version: &str) -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let host = Command::new("rustc").args(["--print", "host-tuple"]).output().context("asking rustc for its host")?;
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform"])
        .arg(String::from_utf8(host.stdout)?.trim())
        .arg("--manifest-path")
        .arg(here.join("Cargo.toml"))
        .output()
        .context("running cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let manifest = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == name && package["version"] == version && !package["source"].is_null())
        .and_then(|package| package["manifest_path"].as_str())
        .with_context(|| format!("{name} {version} is not among the workspace's packages"))?;
    Ok(Path::new(manifest).parent().context("a manifest lies in a folder")?.to_path_buf())
}

#[cfg(test)]
mod tests {
    //! The committed lexicon is exactly what this builder makes.

    use super::{LEXICON, lexicon};
    use std::path::Path;

    #[test]
    fn committed_lexicon_is_what_the_builder_makes() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let built = lexicon(here).expect("sources are kept");
        let kept = std::fs::read(here.join(LEXICON)).expect("lexicon is kept");
        assert!(built == kept, "run `cargo run -p pinyin-data-builder` and commit crates/pinyin/data/lexicon.bin");
    }
}
