//! Which language a text is in, by its letters and their triples (the crate `whatlang`).

/// The most of a text that is looked at, in bytes: more says nothing new.
const MOST: usize = 20_000;

/// The English name of the language of `text` ("German"); `None` where that is not clear.
pub fn language(text: &str) -> Option<&'static str> {
    let end = (0..=MOST.min(text.len()))
        .rev()
        .find(|&end| text.is_char_boundary(end))?;
    let found = whatlang::detect(&text[..end])?;
    found.is_reliable().then(|| found.lang().eng_name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_sentences_tell_their_language() {
        let rows = [
            (
                "The harbor board met on Tuesday and put off its vote on the new crane until the auditors have reported.",
                Some("English"),
            ),
            (
                "Der Hafenausschuss vertagte am Dienstag die Abstimmung über den neuen Kran, bis die Prüfer ihren Bericht vorgelegt haben.",
                Some("German"),
            ),
            (
                "Le conseil du port a reporté mardi son vote sur la nouvelle grue, en attendant le rapport des vérificateurs.",
                Some("French"),
            ),
            ("", None),
            ("1 2 3 %%", None),
        ];
        for (text, expected) in rows {
            assert_eq!(language(text), expected, "{text}");
        }
    }
}
