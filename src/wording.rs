//! Words that many rooms write: counted nouns, grouped digits, lists that stop in time, cells that no spreadsheet takes for a formula.

/// "1 article", "2 articles".
pub fn count(n: usize, noun: &str) -> String {
    match n {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}

/// Names that a list spells out.
const NAMES_IN_LIST: usize = 10;

/// The first names, and how many more there are.
pub fn some_of<S: AsRef<str>>(names: &[S]) -> String {
    let shown: Vec<&str> = names
        .iter()
        .take(NAMES_IN_LIST)
        .map(AsRef::as_ref)
        .collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(NAMES_IN_LIST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A cell of words that no spreadsheet takes for a formula: a space goes before what would begin one.
pub fn harmless(cell: &str) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!(" {cell}"),
        false => cell.to_string(),
    }
}

/// `8739` -> `8,739`.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_stop_and_cells_are_harmless() {
        let names: Vec<String> = (1..=12).map(|n| format!("n{n}")).collect();
        assert!(some_of(&names).ends_with("n10 and 2 more"));
        assert_eq!(
            (count(1, "label"), count(0, "label")),
            ("1 label".into(), "0 labels".into())
        );
        assert_eq!(harmless("=1+1"), " =1+1");
        assert_eq!(harmless("Dawn"), "Dawn");
    }

    #[test]
    fn thousands_are_grouped() {
        for (n, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1234567, "1,234,567"),
        ] {
            assert_eq!(thousands(n), text);
        }
    }
}
