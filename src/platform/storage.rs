//! This browser's storage. It may be shut off or full.

fn local() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn here() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

fn full_key(key: &str) -> String {
    format!("throughline.{key}")
}

/// What is stored under a key.
pub fn read(key: &str) -> Option<String> {
    local()?.get_item(&full_key(key)).ok().flatten()
}

/// Stores a text.
///
/// # Errors
/// Why it cannot be stored, for the user.
pub fn write(key: &str, text: &str) -> Result<(), String> {
    let storage = local().ok_or("This browser does not let pages store anything.")?;
    storage
        .set_item(&full_key(key), text)
        .map_err(|_| "The storage that this browser gives to the page is full.".into())
}

/// What is stored for this tab alone. It outlives a reload, but not the tab.
pub fn read_here(key: &str) -> Option<String> {
    here()?.get_item(&full_key(key)).ok().flatten()
}

/// Stores a text for this tab alone.
pub fn write_here(key: &str, text: &str) {
    if let Some(storage) = here() {
        // What does not fit here is stored for all tabs; only a reload after work in two tabs would tell.
        let _ = storage.set_item(&full_key(key), text);
    }
}

/// Removes what is stored under a key.
pub fn remove(key: &str) {
    if let Some(storage) = local() {
        let _ = storage.remove_item(&full_key(key));
    }
}
