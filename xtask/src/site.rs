//! A static file server for a built app: what any static host does, on this machine.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

use tiny_http::{Header, Method, Request, Response, Server};

/// As many as a browser opens at once.
const THREADS: usize = 6;

/// A running server. It ends with the value.
pub struct Site {
    address: String,
    server: Arc<Server>,
}

impl Site {
    /// Serves `folder` on 127.0.0.1, below `prefix` (`/`, or `/some/path/`). Port 0 takes any free one.
    ///
    /// # Errors
    /// The port is taken.
    pub fn start(folder: &Path, port: u16, prefix: &str) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = format!("http://{}{prefix}", listener.local_addr()?);
        let server = Server::from_listener(listener, None).map_err(io::Error::other)?;
        let server = Arc::new(server);
        for _ in 0..THREADS {
            let (server, folder, prefix) = (server.clone(), folder.to_owned(), prefix.to_owned());
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    // A browser that went away before its answer is no error of ours.
                    let _ = answer(request, &folder, &prefix);
                }
            });
        }
        Ok(Self { address, server })
    }

    /// The address of the page: `http://127.0.0.1:8080/`.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        for _ in 0..THREADS {
            self.server.unblock();
        }
    }
}

fn answer(request: Request, folder: &Path, prefix: &str) -> io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::from_string("only GET and HEAD").with_status_code(405));
    }
    let file = local_path(request.url(), prefix).map(|path| folder.join(path)).map(index_of_folder);
    match file.and_then(|file| fs::read(&file).ok().map(|content| (file, content))) {
        Some((file, content)) => {
            let mut response = Response::from_data(content);
            // No cache: a rebuilt app must show at the next reload.
            for (name, value) in [
                ("Content-Type", mime(&file)),
                ("Cache-Control", "no-cache"),
                ("X-Content-Type-Options", "nosniff"),
            ] {
                if let Ok(header) = Header::from_bytes(name, value) {
                    response.add_header(header);
                }
            }
            request.respond(response)
        }
        None => request.respond(Response::from_string("not found").with_status_code(404)),
    }
}

fn index_of_folder(path: PathBuf) -> PathBuf {
    if path.is_dir() { path.join("index.html") } else { path }
}

/// The file that a request asks for, relative to the served folder; nothing where it would lead out of it.
fn local_path(url: &str, prefix: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = PathBuf::from(percent_decode(path.strip_prefix(prefix)?)?);
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_stay_inside_the_folder() {
        assert_eq!(local_path("/", "/"), Some(PathBuf::new()));
        assert_eq!(local_path("/a%20b/c.js?v=1", "/"), Some(PathBuf::from("a b/c.js")));
        assert_eq!(local_path("/sub/path/x.css", "/sub/path/"), Some(PathBuf::from("x.css")));
        assert_eq!(local_path("/x.css", "/sub/path/"), None);
        assert_eq!(local_path("/../secret", "/"), None);
        assert_eq!(local_path("/%2e%2e/secret", "/"), None);
        assert_eq!(local_path("//etc/passwd", "/"), None);
        assert_eq!(local_path("/%zz", "/"), None);
    }

    #[test]
    fn wasm_is_served_as_what_it_is() {
        assert_eq!(mime(Path::new("a.wasm")), "application/wasm");
        assert_eq!(mime(Path::new("boot.js")), "text/javascript; charset=utf-8");
    }
}
