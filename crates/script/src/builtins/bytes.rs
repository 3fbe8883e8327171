//! Methods of bytes.

use crate::eval::raise;
use crate::value::{Args, Outcome, Value};

pub(super) const METHODS: &[&str] = &["decode", "hex"];

pub(super) fn call(bytes: &[u8], name: &str, args: Args) -> Outcome {
    if name == "hex" {
        args.none("hex")?;
        return Ok(Value::str(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Value::str(text)),
        Err(error) => Err(raise(
            "UnicodeDecodeError",
            format!("'utf-8' codec can't decode byte at position {}", error.valid_up_to()),
        )),
    }
}
