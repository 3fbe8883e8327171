//! What field names mean inside conditions and expressions of one model.

use rustc_hash::FxHashMap;

use crate::document::ColumnType;
use crate::resolve::ResolvedModel;

/// A column that an expression can name.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// Its column.
    pub(super) column: String,
    /// Its type.
    pub(super) ty: ColumnType,
    /// Whether it may be NULL.
    pub(super) null: bool,
}

/// The columns of a model by every name that Django knows them by: the field, its raw attribute, `pk`.
pub(super) fn of(model: &ResolvedModel) -> FxHashMap<String, Named> {
    let mut out = FxHashMap::default();
    for field in &model.fields {
        let named = Named { column: field.column.clone(), ty: field.ty.clone(), null: field.null };
        if field.primary_key {
            out.entry("pk".to_owned()).or_insert_with(|| named.clone());
        }
        if field.attname != field.name {
            out.insert(field.attname.clone(), named.clone());
        }
        out.insert(field.name.clone(), named);
    }
    out
}
