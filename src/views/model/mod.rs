//! Forms of models: a new one, and the inspector of one that there is.

#![allow(unreachable_pub, reason = "the component macro writes `pub` into what it generates")]

mod arguments;
mod field_edit;
mod inspector;
mod new_field;
mod new_model;

pub(crate) use inspector::Inspector;
pub(crate) use new_model::NewModel;
