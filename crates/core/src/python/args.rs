//! The arguments of a field, positional ones by the names that the field class gives them.

use super::Preset;
use crate::document::{Argument, Name, Value};

/// A view of a call's arguments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Args<'a> {
    /// As written.
    pub(crate) written: &'a [Argument],
    /// What the positional ones are called.
    pub(crate) positional: &'a [&'static str],
    /// What a field class of the file sets by itself.
    pub(crate) presets: &'a [Preset],
}

impl<'a> Args<'a> {
    /// The argument of this name, however it is written.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Argument> {
        if let Some(found) = self.written.iter().find(|arg| arg.keyword.as_deref() == Some(name)) {
            return Some(found);
        }
        let mut positional = self.written.iter().filter(|arg| arg.keyword.is_none()).peekable();
        positional.peek()?;
        let at = self.positional.iter().position(|parameter| *parameter == name)?;
        positional.nth(at)
    }

    /// Its value; `None` also where it is Python's `None`.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        let preset = |forced| {
            self.presets
                .iter()
                .rev()
                .find(|preset| preset.forced == forced && preset.keyword == name)
        };
        let written = || self.get(name).map(|arg| &arg.value);
        let value = preset(true)
            .map(|preset| &preset.value)
            .or_else(written)
            .or_else(|| preset(false).map(|preset| &preset.value))?;
        (*value != Value::None).then_some(value)
    }

    /// Whether it is given and true.
    pub(crate) fn flag(&self, name: &str) -> bool {
        match self.value(name) {
            Some(Value::Bool(bool)) => *bool,
            Some(Value::Int(int)) => *int != 0,
            _ => false,
        }
    }

    /// A boolean, where it is given.
    pub(crate) fn boolean(&self, name: &str) -> Option<bool> {
        match self.value(name) {
            Some(Value::Bool(bool)) => Some(*bool),
            _ => None,
        }
    }

    /// A string with its place; for what a field class sets by itself the place is that of the call's start.
    pub(crate) fn name(&self, name: &str) -> Option<Name> {
        let text = self.value(name)?.as_str()?.to_owned();
        let span = self.get(name).map(|arg| arg.value_span).unwrap_or_default();
        Some(Name { text, span })
    }
}
