//! Running other programs, and saying how far they are without drowning the reader in their output.

use std::io::{BufRead, BufReader, IsTerminal, Read, Write, stderr};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// Without a terminal nothing can be overwritten: a sign of life this often.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

/// What a program did.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Whether it ended well.
    pub(crate) success: bool,
    /// All that it wrote, both streams as they came.
    pub(crate) output: String,
    /// How long it took.
    pub(crate) time: Duration,
}

impl Outcome {
    /// The last lines of the output.
    pub(crate) fn tail(&self, lines: usize) -> String {
        let all: Vec<&str> = self.output.lines().collect();
        let from = all.len().saturating_sub(lines);
        all.iter().skip(from).copied().collect::<Vec<_>>().join("\n")
    }
}

/// Runs a program to its end. Shows only its newest line, under `label`.
///
/// # Errors
/// The program could not be started.
pub(crate) fn run(label: &str, command: &mut Command) -> Result<Outcome> {
    let program = command.get_program().to_string_lossy().into_owned();
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{program}` could not be started"))?;
    let (sender, lines) = channel();
    let readers = [
        child.stdout.take().map(|stream| forward(stream, sender.clone())),
        child.stderr.take().map(|stream| forward(stream, sender)),
    ];
    let output = show(label, start, &lines);
    for reader in readers.into_iter().flatten() {
        let _ = reader.join();
    }
    let success = child.wait().with_context(|| format!("waiting for `{program}`"))?.success();
    Ok(Outcome { success, output, time: start.elapsed() })
}

fn forward(stream: impl Read + Send + 'static, lines: Sender<String>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if lines.send(line).is_err() {
                break;
            }
        }
    })
}

fn show(label: &str, start: Instant, lines: &Receiver<String>) -> String {
    let live = stderr().is_terminal();
    let mut output = String::new();
    let mut newest = String::new();
    let mut compiled = 0_u32;
    let mut shown = start;
    loop {
        let line = lines.recv_timeout(if live { Duration::from_secs(1) } else { SIGN_OF_LIFE });
        match line {
            Ok(line) => {
                output.push_str(&line);
                output.push('\n');
                let line = line.trim();
                if line.starts_with("Compiling ") || line.starts_with("Checking ") {
                    compiled += 1;
                }
                if !line.is_empty() {
                    newest = line.to_owned();
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        let pause = if live { Duration::from_millis(100) } else { SIGN_OF_LIFE };
        if shown.elapsed() >= pause {
            shown = Instant::now();
            let crates =
                if compiled > 0 { format!(" · {compiled} crates") } else { String::new() };
            let text = format!("  {label} · {}{crates} · {newest}", clock(start.elapsed()));
            let text: String = text.chars().take(100).collect();
            if live {
                eprint!("\r\x1b[2K{text}");
                let _ = stderr().flush();
            } else {
                eprintln!("{text}");
            }
        }
    }
    if live {
        eprint!("\r\x1b[2K");
    }
    output
}

/// `7 s`, `2 min 05 s`.
pub(crate) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{seconds} s")
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}
