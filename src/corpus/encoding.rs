//! From bytes to text where a file is not plain UTF-8.
//!
//! In: the bytes of a whole text file or page. Out: its text, and the [`Assumption`] that was needed to read it;
//! plain UTF-8 needs none. A byte order mark decides; without one, bytes that are UTF-8 are read as UTF-8; then what the
//! page declares of itself counts, and only then the letters are used to guess (chardetng, the detector of Firefox).
//!
//! Tables are never guessed at, because a wrong guess would change labels unseen. Only UTF-16 with its byte order
//! mark, Excel's "Unicode text", is decoded there, as it streams past: [`Utf16Reader`].

use std::fmt;
use std::io::{self, BufRead, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// What had to be assumed about a file's encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Assumption {
    /// Its byte order mark says so.
    Marked(&'static str),
    /// The page declares it.
    Declared(&'static str),
    /// The letters make it likely.
    Guessed(&'static str),
    /// The page declares this, but its bytes are UTF-8: saved again by a program that left the declaration.
    Undeclared(&'static str),
    /// UTF-8 but for some damaged bytes.
    Damaged,
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Assumption::Marked(name) => write!(f, "{name} by its byte order mark"),
            Assumption::Declared(name) => write!(f, "{name} as the page declares"),
            Assumption::Guessed(name) => write!(f, "{name}, guessed from its letters"),
            Assumption::Undeclared(name) => {
                write!(f, "UTF-8, although the page declares {name}")
            }
            Assumption::Damaged => f.write_str("UTF-8 with U+FFFD for damaged bytes"),
        }
    }
}

/// Bytes that are no text in any encoding we can tell.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotText;

/// The text of `bytes`, and what had to be assumed. `declared` is what the page says of itself.
pub(crate) fn decode(
    bytes: Vec<u8>,
    declared: Option<&'static Encoding>,
) -> Result<(String, Option<Assumption>), NotText> {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        if encoding == UTF_8 {
            return Ok(match String::from_utf8(bytes) {
                Ok(text) => (text[mark..].into(), None),
                Err(error) => {
                    let text = String::from_utf8_lossy(&error.as_bytes()[mark..]);
                    (text.into_owned(), Some(Assumption::Damaged))
                }
            });
        }
        let assumption = Assumption::Marked(encoding.name());
        return Ok((text(encoding, &bytes[mark..]), Some(assumption)));
    }
    let declared = declared.filter(|&encoding| encoding != UTF_8);
    let bytes = match (String::from_utf8(bytes), declared) {
        (Ok(text), _) if is_sparse_utf16(&text) => return Err(NotText),
        (Ok(text), None) => return Ok((text, None)),
        (Ok(text), Some(declared)) if !text.is_ascii() => {
            return Ok((text, Some(Assumption::Undeclared(declared.name()))));
        }
        (Ok(text), Some(_)) => text.into_bytes(),
        (Err(error), _) => error.into_bytes(),
    };
    if let Some(declared) = declared {
        let decoded = text(declared, &bytes);
        let plain = decoded.as_bytes() == bytes;
        let assumption = (!plain).then_some(Assumption::Declared(declared.name()));
        return Ok((decoded, assumption));
    }
    if is_mostly_utf8(&bytes) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        return Ok((text, Some(Assumption::Damaged)));
    }
    if bytes.contains(&0) {
        return Err(NotText);
    }
    let guess = guess(&bytes);
    let assumption = Assumption::Guessed(guess.name());
    Ok((text(guess, &bytes), Some(assumption)))
}

fn text(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// English in UTF-16 without a byte order mark is valid UTF-8 in which every second byte is zero.
fn is_sparse_utf16(text: &str) -> bool {
    memchr::memchr_iter(0, text.as_bytes()).count() > text.len() / 4
}

/// Whether more characters beyond ASCII are whole than damaged: then a few bytes were lost, and another encoding
/// would spoil all the others.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut damaged) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        damaged += usize::from(!chunk.invalid().is_empty());
    }
    whole > damaged
}

/// What a page says of its encoding: `<meta charset="...">`, the same in `http-equiv`, or an XML declaration.
///
/// As in browsers, a page that can be read so far is not UTF-16, whatever it says.
pub(crate) fn declared_encoding(page: &[u8]) -> Option<&'static Encoding> {
    /// Browsers look at 1,024 bytes; pages that carry scripts before their declaration are common enough.
    const SEARCHED: usize = 8192;
    let head: String = page[..page.len().min(SEARCHED)]
        .iter()
        .map(|&byte| char::from(byte).to_ascii_lowercase())
        .collect();
    if let Some(declaration) = head.trim_start().strip_prefix("<?xml") {
        let declaration = declaration.split("?>").next().unwrap_or_default();
        if let Some(encoding) = labelled(declaration, "encoding") {
            return Some(encoding);
        }
    }
    let mut rest = head.as_str();
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if let Some(meta) = rest.strip_prefix("<meta") {
            let (tag, after) = meta.split_once('>').unwrap_or((meta, ""));
            if let Some(encoding) = labelled(tag, "charset") {
                return Some(encoding);
            }
            rest = after;
        } else {
            rest = &rest[1..];
        }
    }
    None
}

/// The encoding after `name=` in `tag`, quoted or not.
fn labelled(tag: &str, name: &str) -> Option<&'static Encoding> {
    let (_, value) = tag.split_once(name)?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let value = value.trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '/' | '?'));
    let encoding = Encoding::for_label(&value.as_bytes()[..end.unwrap_or(value.len())])?;
    Some(encoding.output_encoding())
}

/// UTF-16 as UTF-8, a piece at a time.
pub(crate) struct Utf16Reader<R> {
    inner: R,
    decoder: Decoder,
    /// Decoded and not yet handed out: `ready[at..end]`.
    ready: Vec<u8>,
    at: usize,
    end: usize,
    ended: bool,
}

/// What [`Utf16Reader`] says of bytes that are no UTF-16, for example where a file was cut.
#[derive(Debug, thiserror::Error)]
#[error("not UTF-16")]
pub(crate) struct NotUtf16;

/// The UTF-16 that the byte order mark at the start of `bytes` announces.
pub(crate) fn marked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let (encoding, _) = Encoding::for_bom(bytes)?;
    (encoding == UTF_16LE || encoding == UTF_16BE).then_some(encoding)
}

impl<R: BufRead> Utf16Reader<R> {
    /// Reads `inner`, which is in `encoding` and begins with its byte order mark.
    pub(crate) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Utf16Reader {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            ready: vec![0; 1 << 16],
            at: 0,
            end: 0,
            ended: false,
        }
    }
}

impl<R: BufRead> Read for Utf16Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.end && !self.ended {
            let input = self.inner.fill_buf()?;
            let last = input.is_empty();
            let (result, read, written) =
                self.decoder
                    .decode_to_utf8_without_replacement(input, &mut self.ready, last);
            self.inner.consume(read);
            (self.at, self.end) = (0, written);
            match result {
                DecoderResult::Malformed(..) => {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, NotUtf16));
                }
                DecoderResult::InputEmpty => self.ended = last,
                DecoderResult::OutputFull => {}
            }
        }
        let n = out.len().min(self.end - self.at);
        out[..n].copy_from_slice(&self.ready[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use encoding_rs::{WINDOWS_1251, WINDOWS_1252};

    use super::*;

    fn utf16le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn utf16be(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    }

    #[test]
    fn each_file_is_read_by_the_best_evidence_it_offers() {
        use Assumption::*;
        let rows = [
            ("ASCII", b"plain".to_vec(), None, "plain", None),
            ("nothing", vec![], None, "", None),
            ("UTF-8", "Zoë".into(), None, "Zoë", None),
            (
                "UTF-8 with its mark",
                "\u{FEFF}Zoë".into(),
                None,
                "Zoë",
                None,
            ),
            (
                "UTF-16, small end first",
                utf16le("\u{FEFF}Zoë 😀"),
                None,
                "Zoë 😀",
                Some(Marked("UTF-16LE")),
            ),
            (
                "UTF-16, big end first, whatever is declared",
                utf16be("\u{FEFF}Zoë"),
                Some(WINDOWS_1252),
                "Zoë",
                Some(Marked("UTF-16BE")),
            ),
            (
                "one letter beyond ASCII",
                b"The caf\xE9 closed.".to_vec(),
                None,
                "The café closed.",
                Some(Guessed("windows-1252")),
            ),
            (
                "curly quotes and dashes of old word processors",
                b"\x93It\x92s over,\x94 Voss said \x97 twice.".to_vec(),
                None,
                "“It’s over,” Voss said — twice.",
                Some(Guessed("windows-1252")),
            ),
            (
                "declared",
                b"\xCC\xE0\xF0\xE0".to_vec(),
                Some(WINDOWS_1251),
                "Мара",
                Some(Declared("windows-1251")),
            ),
            (
                "declared, but all ASCII",
                b"Voss".to_vec(),
                Some(WINDOWS_1252),
                "Voss",
                None,
            ),
            (
                "declared, but saved again as UTF-8",
                "Zoë".into(),
                Some(WINDOWS_1252),
                "Zoë",
                Some(Undeclared("windows-1252")),
            ),
            (
                "declared as UTF-8, which it is not",
                b"caf\xE9 noir".to_vec(),
                Some(UTF_8),
                "café noir",
                Some(Guessed("windows-1252")),
            ),
            (
                "UTF-8 with a lost byte",
                b"\xE2\x80\x9CNo,\xE2\x80\x9D she said, \xE2\x80\x9Ctwice.\xE2\x80".to_vec(),
                None,
                "“No,” she said, “twice.\u{FFFD}",
                Some(Damaged),
            ),
            (
                "UTF-8 with its mark and a lost byte",
                b"\xEF\xBB\xBFcaf\xE9".to_vec(),
                None,
                "caf\u{FFFD}",
                Some(Damaged),
            ),
        ];
        for (name, bytes, declared, text, assumption) in rows {
            let decoded = decode(bytes, declared).expect(name);
            assert_eq!(decoded, (text.to_string(), assumption), "{name}");
        }
    }

    #[test]
    fn what_is_no_text_is_not_guessed_at() {
        let rows = [
            ("a picture", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\xFF".to_vec()),
            ("UTF-16 without its mark", utf16le("Voss won.")),
        ];
        for (name, bytes) in rows {
            assert_eq!(decode(bytes, None), Err(NotText), "{name}");
        }
        let stray = decode(b"Voss won.\0 Twice.".to_vec(), None).expect("a stray zero");
        assert_eq!(stray, ("Voss won.\0 Twice.".into(), None));
    }

    #[test]
    fn a_page_declares_its_encoding_in_its_head() {
        let rows: [(&str, &str, Option<&str>); 11] = [
            (
                "charset",
                "<meta charset=\"ISO-8859-1\">",
                Some("windows-1252"),
            ),
            ("no quotes", "<META CHARSET=koi8-r/>", Some("KOI8-R")),
            (
                "http-equiv",
                "<meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>",
                Some("windows-1251"),
            ),
            (
                "an XML declaration",
                "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><html>",
                Some("Shift_JIS"),
            ),
            (
                "the second tag",
                "<meta name=x content=y>\n<meta charset=utf-8>",
                Some("UTF-8"),
            ),
            (
                "a comment says nothing",
                "<!-- <meta charset=koi8-r> --><meta charset=utf8>",
                Some("UTF-8"),
            ),
            ("impossible here", "<meta charset=utf-16>", Some("UTF-8")),
            ("unknown", "<meta charset=klingon>", None),
            ("cut", "<meta charset=", None),
            ("no value", "<meta charset>", None),
            ("none", "<html><p>charset=koi8-r</p>", None),
        ];
        for (name, page, encoding) in rows {
            let declared = declared_encoding(page.as_bytes());
            assert_eq!(declared.map(Encoding::name), encoding, "{name}");
        }
        let late = format!("{}<meta charset=koi8-r>", " ".repeat(9000));
        assert_eq!(declared_encoding(late.as_bytes()), None);
    }

    #[test]
    fn utf16_streams_through_small_buffers() {
        let text = "Zoë said “no” 😀\n".repeat(5000);
        for bytes in [
            utf16le(&format!("\u{FEFF}{text}")),
            utf16be(&format!("\u{FEFF}{text}")),
        ] {
            let encoding = marked_utf16(&bytes).expect("a byte order mark");
            for capacity in [1, 3, 1000] {
                let input = BufReader::with_capacity(capacity, bytes.as_slice());
                let mut decoded = String::new();
                Utf16Reader::new(input, encoding)
                    .read_to_string(&mut decoded)
                    .expect("good UTF-16");
                assert_eq!(decoded, text, "{capacity}");
            }
            let mut cut = Utf16Reader::new(&bytes[..bytes.len() - 1], encoding);
            let error = cut
                .read_to_end(&mut Vec::new())
                .expect_err("half a character");
            assert!(error.get_ref().is_some_and(|inner| inner.is::<NotUtf16>()));
        }
        assert_eq!(marked_utf16(b"\xEF\xBB\xBFa"), None);
        assert_eq!(marked_utf16(b"a"), None);
    }
}
