//! The page's entry: nothing but the start.

fn main() {
    throughline_app::start();
}
