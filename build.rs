//! Packs the second built-in model into the program; the first, which nearly every command needs, stands in it as it is.

use std::io::Write;
use std::path::Path;

/// How hard to pack: the model is packed once, and unpacking is as fast at any level.
const LEVEL: i32 = 19;

/// 16 MB: the dictionary lies within reach.
const WINDOW_LOG: u32 = 24;

fn main() {
    let folder = std::env::var_os("OUT_DIR").expect("cargo names a folder for the output");
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(Path::new(&folder).join(name), bytes).expect("the folder is writable");
    };
    let read = |name: &str| {
        let model = Path::new("models").join(name);
        println!("cargo:rerun-if-changed={}", model.display());
        std::fs::read(model).expect("the built-in models stand in models/")
    };
    // Both know the same words; what the second shares with the first stands in the program once.
    let news = read("news-en.safetensors");
    let frames = read("frames-en.safetensors");
    let mut encoder = zstd::Encoder::with_dictionary(Vec::new(), LEVEL, &news)
        .expect("any bytes are a dictionary");
    encoder
        .window_log(WINDOW_LOG)
        .expect("within what zstd allows");
    encoder.write_all(&frames).expect("memory is large enough");
    write(
        "frames-en.zst",
        &encoder.finish().expect("memory is large enough"),
    );
}
