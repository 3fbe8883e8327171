//! Arguments of a call.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::{Outcome, Value};
use crate::eval::{Raised, raise};

/// Arguments of a call.
#[derive(Clone, Default)]
pub struct Args {
    /// By position.
    pub positional: Vec<Value>,
    /// By name, in order.
    pub keywords: Vec<(Rc<str>, Value)>,
}

impl Args {
    /// Positional arguments.
    pub fn of(positional: Vec<Value>) -> Self {
        Self { positional, keywords: Vec::new() }
    }

    /// One positional argument.
    pub fn one(value: Value) -> Self {
        Self::of(vec![value])
    }

    /// With another argument in front.
    #[must_use]
    pub fn after(mut self, first: Value) -> Self {
        self.positional.insert(0, first);
        self
    }

    /// Takes a keyword argument out.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.keywords.iter().position(|(keyword, _)| &**keyword == name)?;
        Some(self.keywords.remove(at).1)
    }

    /// The values of the parameters of a function of ours; the first `required` must be given.
    ///
    /// # Errors
    /// `TypeError` with Python's words for functions written in Python.
    pub fn bind<const N: usize>(
        self,
        function: &str,
        names: [&str; N],
        required: usize,
    ) -> Outcome<[Option<Value>; N]> {
        let mut out = [const { None }; N];
        self.bind_to(function, &names, required, &mut out)?;
        Ok(out)
    }

    fn bind_to(
        self,
        function: &str,
        names: &[&str],
        required: usize,
        out: &mut [Option<Value>],
    ) -> Outcome<()> {
        let given = self.positional.len();
        if given > out.len() {
            return Err(too_many(function, required, out.len(), given));
        }
        for (slot, value) in out.iter_mut().zip(self.positional) {
            *slot = Some(value);
        }
        for (keyword, value) in self.keywords {
            let Some(slot) =
                names.iter().position(|name| **name == *keyword).and_then(|at| out.get_mut(at))
            else {
                return Err(raise(
                    "TypeError",
                    format!("{function}() got an unexpected keyword argument '{keyword}'"),
                ));
            };
            if slot.is_some() {
                return Err(raise(
                    "TypeError",
                    format!("{function}() got multiple values for argument '{keyword}'"),
                ));
            }
            *slot = Some(value);
        }
        let missing: Vec<&str> = names
            .iter()
            .zip(&*out)
            .take(required)
            .filter(|(_, slot)| slot.is_none())
            .map(|(name, _)| *name)
            .gather();
        if !missing.is_empty() {
            return Err(missing_arguments(function, &missing));
        }
        Ok(())
    }

    /// The only argument.
    ///
    /// # Errors
    /// `TypeError` with Python's words for built-in functions that take exactly one.
    pub fn only(self, function: &str) -> Outcome {
        self.no_keywords(function)?;
        let count = self.positional.len();
        let mut values = self.positional.into_iter();
        match (values.next(), count) {
            (Some(value), 1) => Ok(value),
            _ => Err(raise(
                "TypeError",
                format!("{function}() takes exactly one argument ({count} given)"),
            )),
        }
    }

    /// Nothing.
    ///
    /// # Errors
    /// `TypeError` where something is given.
    pub fn none(self, function: &str) -> Outcome<()> {
        self.no_keywords(function)?;
        match self.positional.len() {
            0 => Ok(()),
            count => {
                Err(raise("TypeError", format!("{function}() takes no arguments ({count} given)")))
            }
        }
    }

    /// # Errors
    /// `TypeError` where a keyword is given.
    pub fn no_keywords(&self, function: &str) -> Outcome<()> {
        match self.keywords.first() {
            Some(_) => Err(raise("TypeError", format!("{function}() takes no keyword arguments"))),
            None => Ok(()),
        }
    }
}

/// `f() takes 1 positional argument but 2 were given`.
pub(crate) fn too_many(function: &str, required: usize, most: usize, given: usize) -> Box<Raised> {
    let takes =
        if required < most { format!("from {required} to {most}") } else { most.to_string() };
    let plural = if takes == "1" { "" } else { "s" };
    let were = if given == 1 { "was" } else { "were" };
    raise(
        "TypeError",
        format!("{function}() takes {takes} positional argument{plural} but {given} {were} given"),
    )
}

/// `f() missing 2 required positional arguments: 'a' and 'b'`.
pub(crate) fn missing_arguments(function: &str, missing: &[&str]) -> Box<Raised> {
    raise("TypeError", format!("{function}() missing {}", listed(missing, "positional")))
}

/// `2 required positional arguments: 'a' and 'b'`.
pub(crate) fn listed(missing: &[&str], kind: &str) -> String {
    let quoted: Vec<String> = missing.iter().map(|name| format!("'{name}'")).gather();
    let names = match quoted.as_slice() {
        [one] => one.clone(),
        [a, b] => format!("{a} and {b}"),
        [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
        [] => String::new(),
    };
    let plural = if missing.len() == 1 { "" } else { "s" };
    format!("{} required {kind} argument{plural}: {names}", missing.len())
}
