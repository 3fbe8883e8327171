//! When Django raises what ends the import: the order of its work on a class.

use crate::check::Moment;
use crate::document::{Field, Model};

/// Steps after a class body is read, in the order of `ModelBase.__new__`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// `class Meta` is read.
    Meta = 1,
    /// The class's own fields are added.
    Fields,
    /// A proxy looks for what it stands for.
    Proxy,
    /// Parents' fields are compared with its own.
    Inherit,
    /// `order_with_respect_to` is looked up.
    Prepare,
    /// The implicit key is added.
    Key,
    /// The default manager is added.
    Managers,
    /// Indexes without a name get one.
    Indexes,
    /// The model is registered.
    Register,
}

/// When a field's call is evaluated.
pub(super) fn call(field: &Field) -> Moment {
    Moment { at: field.span.end, step: 0 }
}

/// When the class is made, after its body.
pub(super) fn class(model: &Model, step: Step) -> Moment {
    Moment { at: model.span.end, step: step as u32 }
}
