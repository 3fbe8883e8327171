//! A static file server for a built app: what any static host does, on this machine.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// No browser asks for so much.
const LONGEST_REQUEST: u64 = 64 * 1024;

/// A browser may open a connection and never use it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server. It ends with the value.
///
/// Each connection has a thread of its own and carries one answer: the smallest that cannot make one request wait for
/// another. (`tiny_http` did, at times for ever.)
pub struct Site {
    address: String,
    local: SocketAddr,
    ended: Arc<AtomicBool>,
}

impl Site {
    /// Serves `folder` on 127.0.0.1, below `prefix` (`/`, or `/some/path/`). Port 0 takes any free one.
    ///
    /// # Errors
    /// The port is taken.
    pub fn start(folder: &Path, port: u16, prefix: &str) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let local = listener.local_addr()?;
        let ended = Arc::new(AtomicBool::new(false));
        let shared: Arc<(PathBuf, String)> = Arc::new((folder.to_owned(), prefix.to_owned()));
        let has_ended = Arc::clone(&ended);
        thread::spawn(move || {
            for connection in listener.incoming() {
                if has_ended.load(Ordering::Relaxed) {
                    break;
                }
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let (folder, prefix) = &*shared;
                    // A browser that went away before its answer is no error of ours.
                    let _ = connection.and_then(|connection| answer(connection, folder, prefix));
                });
            }
        });
        Ok(Self { address: format!("http://{local}{prefix}"), local, ended })
    }

    /// The address of the page: `http://127.0.0.1:8080/`.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees the end.
        let _ = TcpStream::connect(self.local);
    }
}

fn answer(mut connection: TcpStream, folder: &Path, prefix: &str) -> io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    let mut head = BufReader::new((&connection).take(LONGEST_REQUEST));
    let mut request = String::new();
    head.read_line(&mut request)?;
    // The rest of the head says nothing that matters here, but has to be read: else the connection is reset.
    let mut line = String::new();
    while head.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut words = request.split(' ');
    let (method, url) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if !matches!(method, "GET" | "HEAD") {
        return respond(
            &mut connection,
            "405 Method Not Allowed",
            "text/plain",
            b"only GET and HEAD",
            method,
        );
    }
    let file = local_path(url, prefix).map(|path| folder.join(path)).map(index_of_folder);
    match file.and_then(|file| fs::read(&file).ok().map(|content| (file, content))) {
        Some((file, content)) => respond(&mut connection, "200 OK", mime(&file), &content, method),
        None => respond(&mut connection, "404 Not Found", "text/plain", b"not found", method),
    }
}

fn respond(
    connection: &mut TcpStream,
    status: &str,
    mime: &str,
    content: &[u8],
    method: &str,
) -> io::Result<()> {
    // No cache: a rebuilt app must show at the next reload.
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {mime}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        content.len()
    );
    connection.write_all(head.as_bytes())?;
    if method != "HEAD" {
        connection.write_all(content)?;
    }
    connection.flush()
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
