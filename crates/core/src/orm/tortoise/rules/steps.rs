//! The order of the steps at one place of the file: in a field's constructor, then in the making of the class.

/// Python binds the arguments.
pub(super) const BIND: u32 = 0;
/// What a field class itself checks before the rest.
pub(super) const OWN: u32 = 1;
/// Arguments under their old names, of field classes.
pub(super) const OLD_OWN: u32 = 2;
/// What `TextField` checks itself.
pub(super) const TEXT: u32 = 3;
/// `index` in `Field.__init__`.
pub(super) const OLD_INDEX: u32 = 4;
/// What cannot be indexed.
pub(super) const INDEXABLE: u32 = 5;
/// `pk` in `Field.__init__`.
pub(super) const OLD_KEY: u32 = 6;
/// A key that can be NULL.
pub(super) const NULL_KEY: u32 = 7;
/// The database-side default.
pub(super) const DB_DEFAULT: u32 = 8;
/// The name of a relation's target.
pub(super) const TARGET: u32 = 9;
/// What happens on deletion.
pub(super) const ON_DELETE: u32 = 10;
/// `SET_NULL` on what cannot be NULL.
pub(super) const SET_NULL: u32 = 11;
/// Indexes in `Meta`.
pub(super) const META: u32 = 15;
/// The key of a class.
pub(super) const KEY: u32 = 20;
/// An `id` that is no key.
pub(super) const ID: u32 = 21;
/// Names that are taken by `Model`.
pub(super) const NAMES: u32 = 22;
