//! Texts that are not what they should be: broken encoding, no words, too many of them, no subject in them; records that cannot be read.

use rustc_hash::FxHashMap;

use super::finding::{Finding, Place, Severity, places};
use super::rows::Rows;
use crate::corpus::{ReadReport, Target};
use crate::error::Result;
use crate::text::{MentionFinder, Subject};

/// Characters from which a text is hardly one sentence.
pub(super) const LONG: usize = 1000;

/// Records that the reader could not use.
pub(super) fn unusable(report: &ReadReport) -> Vec<Finding> {
    let mut findings = Vec::new();
    let places = report
        .bad
        .iter()
        .map(|bad| Place::at(&bad.location, bad.problem.clone()))
        .collect();
    if let Some(finding) = Finding::of(
        "unusable_rows",
        Severity::Error,
        format!(
            "{} cannot be read: `train` stops there, or leaves them out with --keep-going",
            crate::wording::count(report.n_bad, "record")
        ),
        places,
    ) {
        findings.push(Finding {
            count: report.n_bad,
            ..finding
        });
    }
    findings.extend(report.notes.iter().map(|note| Finding {
        code: note.code,
        severity: Severity::Note,
        count: 1,
        message: note.text.clone(),
        rows: Vec::new(),
    }));
    findings
}

/// Findings about the texts of rows. Errors: a subject of the whole file that cannot be searched for.
pub(super) fn find(
    rows: &Rows<'_>,
    whole: Option<&Subject>,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let all = || 0..rows.rows.len();
    let text = |r: usize| rows.rows[r].text.as_str();
    let broken: Vec<Option<String>> = all().map(|r| mojibake(text(r))).collect();
    let verb = |n: usize, one: &str, many: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {many}"),
    };
    let found = places(rows, all().filter(|&r| broken[r].is_some()), |r| {
        format!("\"{}\"", broken[r].as_deref().unwrap_or(""))
    });
    findings.extend(Finding::of(
        "broken_encoding",
        Severity::Warning,
        format!(
            "{} broken characters (é read as Ã©, or lost): read the source again as UTF-8",
            verb(found.len(), "row has", "rows have")
        ),
        found,
    ));
    let found = places(
        rows,
        all().filter(|&r| !text(r).chars().any(char::is_alphanumeric)),
        |r| rows.label(r),
    );
    findings.extend(Finding::of(
        "no_words",
        Severity::Warning,
        format!(
            "{} no letter and no digit: nothing can be learnt from them",
            verb(found.len(), "text has", "texts have")
        ),
        found,
    ));
    let lengths: Vec<usize> = all().map(|r| text(r).chars().count()).collect();
    let found = places(rows, all().filter(|&r| lengths[r] > LONG), |r| {
        format!("{} characters", lengths[r])
    });
    findings.extend(Finding::of(
        "long_texts",
        Severity::Warning,
        format!(
            "{} more than {LONG} characters: the unit is the sentence; a label for a paragraph or an article teaches little about its \
             sentences",
            verb(found.len(), "text has", "texts have")
        ),
        found,
    ));
    subject_absent(rows, whole, findings)
}

fn subject_absent(
    rows: &Rows<'_>,
    whole: Option<&Subject>,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let whole_finder = whole.map(MentionFinder::new).transpose()?;
    let mut finders: FxHashMap<&str, Option<MentionFinder>> = FxHashMap::default();
    let (mut absent, mut unsearchable) = (Vec::new(), Vec::new());
    for (r, row) in rows.rows.iter().enumerate() {
        let finder = match &row.target {
            Target::Span(_) => continue,
            Target::Name(name) if whole.is_none_or(|subject| subject.name != *name) => {
                let finder = finders
                    .entry(name)
                    .or_insert_with(|| MentionFinder::new(&Subject::new(name, Vec::new())).ok());
                if finder.is_none() {
                    unsearchable.push(r);
                }
                finder.as_ref()
            }
            _ => whole_finder.as_ref(),
        };
        if finder.is_some_and(|finder| finder.find(&row.text).is_empty()) {
            absent.push(r);
        }
    }
    let subject = |r: usize| format!("subject \"{}\"", rows.subject(r).unwrap_or(""));
    let found = places(rows, unsearchable, subject);
    findings.extend(Finding::of(
        "unsearchable_subject",
        Severity::Error,
        "Subjects without a letter or digit: nobody can search for them",
        found,
    ));
    let found = places(rows, absent, subject);
    findings.extend(Finding::of(
        "subject_not_in_text",
        Severity::Warning,
        format!(
            "The subject's name is not in the text of {}: such rows are learnt from as if no subject were known; give its place (from, to), the words the text \
             uses for it, or --alias with --subject",
            crate::wording::count(found.len(), "row")
        ),
        found,
    ));
    // Of a place that holds a pronoun no name is known; the place is enough.
    let is_without = |r: &usize| rows.rows[*r].target == Target::None && whole.is_none();
    let without: Vec<usize> = (0..rows.rows.len()).filter(is_without).collect();
    if without.len() < rows.rows.len() {
        findings.extend(Finding::of(
            "no_subject",
            Severity::Note,
            format!(
                "{} no subject, though others do: the model learns the tone of the whole sentence from them",
                match without.len() {
                    1 => "1 row names".to_string(),
                    n => format!("{n} rows name"),
                }
            ),
            places(rows, without.iter().copied(), |r| rows.label(r)),
        ));
    }
    Ok(())
}

/// The first stretch of `text` that shows UTF-8 read as Windows-1252, or a character that stands for a lost one.
///
/// What is looked for: U+FFFD; C1 control characters; `Ã` or `Â` before what Windows-1252 makes of a continuation byte (quotation marks and dashes
/// apart, which follow letters in good text); `â€`, `ðŸ` and `ï»¿`, the beginnings of quotation marks, of emojis, and of a file.
pub(super) fn mojibake(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let at = (0..chars.len()).find(|&i| {
        let next = chars.get(i + 1).copied();
        match chars[i] {
            '\u{fffd}' | '\u{80}'..='\u{9f}' => true,
            'Ã' | 'Â' => next.is_some_and(is_continuation),
            'â' => matches!(next, Some('€' | '„' | 'ˆ')),
            'ð' => next == Some('Ÿ'),
            'ï' => next == Some('»'),
            _ => false,
        }
    })?;
    let end = (at + 3).min(chars.len());
    Some(chars[at..end].iter().collect())
}

/// What Windows-1252 makes of the bytes 0x80 to 0xBF, without quotation marks, dashes and dots.
fn is_continuation(c: char) -> bool {
    matches!(c, '\u{a0}'..='\u{aa}' | '\u{ac}'..='\u{ba}' | '\u{bc}'..='\u{bf}')
        || "€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_characters_are_told_from_foreign_ones() {
        for (text, expected) in [
            ("The cafÃ© closed.", Some("Ã© ")),
            ("She said â€œnoâ€\u{9d}.", Some("â€œ")),
            ("It cost Â£5.", Some("Â£5")),
            ("Lost \u{fffd} here", Some("\u{fffd} h")),
            ("ðŸ˜€", Some("ðŸ˜")),
            ("São Paulo, NÃO, “CAFÉ”, Ângela’s crème brûlée, «À»", None),
            ("IRMÃ” said", None),
            ("naïve, Ðura, château", None),
        ] {
            assert_eq!(mojibake(text).as_deref(), expected, "{text}");
        }
    }
}
