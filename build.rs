//! Packs the built-in model into the program.

use std::path::Path;

/// How hard to pack: the model is packed once and unpacked at each start, which is fast at any level.
const LEVEL: i32 = 19;

fn main() {
    let model = Path::new("models/news-en.safetensors");
    println!("cargo:rerun-if-changed={}", model.display());
    let bytes = std::fs::read(model).expect("the built-in model stands in models/");
    let packed = zstd::encode_all(&bytes[..], LEVEL).expect("memory is large enough");
    let folder = std::env::var_os("OUT_DIR").expect("cargo names a folder for the output");
    std::fs::write(Path::new(&folder).join("news-en.zst"), packed).expect("the folder is writable");
}
