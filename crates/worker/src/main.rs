//! The worker: connects a [`Host`](throughline_worker::host::Host) to its global scope.

#[cfg(target_arch = "wasm32")]
mod scope;

#[cfg(target_arch = "wasm32")]
fn main() {
    scope::serve();
}

/// There is no worker outside a browser; this keeps the workspace building as a whole.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
