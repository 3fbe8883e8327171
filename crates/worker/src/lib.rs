//! The engine behind a message protocol.
//!
//! The page sends [`protocol::Request`]s and gets [`protocol::Response`]s; [`codec`] turns both into what a worker's
//! `postMessage` carries. [`host::Host`] is the worker's side without the worker: requests in, responses out, so that
//! all of it runs in native tests. `main.rs` connects a host to the worker's global scope.
//!
//! There is no `gloo-worker` here: its bridge hides the `Worker`, so a page could neither terminate a query that runs
//! away nor hear that the worker died (ranile/gloo#408), and its codec trait can only panic on a message it cannot read.

pub mod codec;
#[cfg(feature = "host")]
pub mod host;
pub mod protocol;
#[cfg(all(target_arch = "wasm32", feature = "host"))]
pub mod rest;
