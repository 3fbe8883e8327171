//! What ends an evaluation early.

use std::rc::Rc;

use throughline_core::Span;

use crate::value::{Instance, Value};

/// What ends an evaluation early.
#[derive(Clone)]
pub enum Raised {
    /// A Python exception that has a name only: it becomes an instance where it is caught or shown.
    Named {
        /// The class of the exception.
        class: &'static str,
        /// Its argument.
        message: Value,
        /// Where.
        span: Option<Span>,
    },
    /// A Python exception.
    Exception {
        /// The exception.
        exception: Rc<Instance>,
        /// Where.
        span: Option<Span>,
    },
    /// Something that this subset of Python does not have. `except` does not catch it.
    Refused {
        /// What, and what to write instead.
        message: String,
        /// Where.
        span: Option<Span>,
    },
    /// A limit was met, or the run was cancelled.
    Stopped(Stop),
}

/// Why a run was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It has taken more steps than it may.
    Steps,
    /// It has printed more than it may.
    Output,
    /// Its values have grown larger than they may.
    Memory,
    /// The user cancelled it.
    Cancelled,
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Steps => {
                "The script has run for too many steps and was stopped. A loop that never ends?"
            }
            Self::Output => "The script has printed too much and was stopped.",
            Self::Memory => "A value has grown too large, and the script was stopped.",
            Self::Cancelled => "The run was cancelled.",
        })
    }
}

/// A Python exception of a built-in class.
pub fn raise(class: &'static str, message: impl Into<Value>) -> Box<Raised> {
    Box::new(Raised::Named { class, message: message.into(), span: None })
}

/// A refusal: what is not supported here, and what to write instead.
pub fn refuse(message: impl Into<String>) -> Box<Raised> {
    Box::new(Raised::Refused { message: message.into(), span: None })
}

impl Raised {
    /// Where it happened: the innermost place stays.
    #[must_use]
    pub fn at(mut self: Box<Self>, place: Span) -> Box<Self> {
        match &mut *self {
            Self::Named { span, .. }
            | Self::Exception { span, .. }
            | Self::Refused { span, .. } => {
                span.get_or_insert(place);
            }
            Self::Stopped(_) => {}
        }
        self
    }

    /// Where it happened.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Named { span, .. }
            | Self::Exception { span, .. }
            | Self::Refused { span, .. } => *span,
            Self::Stopped(_) => None,
        }
    }
}
