//! `yimenctl certificate verify`: checks a certificate's code with the public key in `bureau.toml`, without a network.
//! Not here: reading the code off a picture; a scanner (`zbarimg`) or a phone gives its text.

use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use anyhow::Context as _;
use documents::verify::{Outcome, PublicKeys, verify};
use std::io::Read as _;
use std::path::PathBuf;
use wire::bureau::{Bureau, BureauClass};

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The text of the code (an address with `#…`), or `-` to read it from standard input.
    code: String,
    /// The bureau's public file.
    #[arg(long, default_value = "office/bureau.toml", env = "YIMEN_BUREAU")]
    bureau: PathBuf,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let code = if arguments.code == "-" {
        let mut text = String::new();
        std::io::stdin().take(65_536).read_to_string(&mut text).context("standard input")?;
        text
    } else {
        arguments.code
    };
    let bureau: Bureau =
        toml::from_str(&files::read(&arguments.bureau)?).with_context(|| arguments.bureau.display().to_string())?;
    let class = match bureau.class {
        BureauClass::Demo => documents::BureauClass::Demonstration,
        BureauClass::Production => documents::BureauClass::Production,
    };
    let mut keys = PublicKeys::new();
    let bytes = hex::decode(&bureau.certificate_key).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    if !bytes.is_some_and(|bytes| keys.add(&bytes, class)) {
        return Err(Failure::Usage(format!("{} holds no usable certificate_key", arguments.bureau.display())));
    }
    let facts = verify(code.trim(), &keys, &[]).map_err(|error| Failure::Refused(format!("NOT CONFIRMED: {error}")))?;
    let today = jiff::tz::offset(8).to_datetime(ambient::now()).date();
    let (outcome, words) = match facts.outcome {
        Outcome::Intact => ("intact", "Intact: issued by this bureau and unchanged."),
        Outcome::IntactDemonstrationOnly => {
            ("intact-demonstration-only", "Intact, demonstration only (演示样张 无效): it proves nothing.")
        }
    };
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    let shown = serde_json::json!({
        "ok": true, "outcome": outcome, "layout": facts.layout, "number": facts.number, "name": facts.name.expose(),
        "last_four": facts.last_four.expose(), "finding": facts.finding, "issued_on": facts.issued_on.to_string(),
        "from": day(facts.from), "to": day(facts.to), "valid_until": day(facts.valid_until),
        "expired": facts.expired_on(today),
    });
    output.show(&shown, || {
        format!(
            "{words}\nCompare with the paper:\n  number     {}\n  name       {}\n  last four  {}\n  finding    {}\n  issued     {}",
            facts.number,
            facts.name.expose(),
            facts.last_four.expose(),
            facts.finding,
            facts.issued_on
        )
    });
    Ok(())
}
