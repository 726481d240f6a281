//! What goes to standard error: errors, warnings, what was read, progress.

use std::io::Write;

use indicatif::{ProgressBar, ProgressStyle};
use standpoint::corpus::ReadReport;
use standpoint::error::InputProblem;
use standpoint::report::printable;
use standpoint::wording::count;

use super::Common;

/// Bad records and skipped files shown one by one.
const SHOWN: usize = 10;

/// One line; names and labels in it come from files.
fn line(text: &str) {
    // Nowhere to complain if standard error is gone.
    let _ = writeln!(std::io::stderr().lock(), "{}", printable(text));
}

/// An error that ends the work.
pub fn error(text: &str) {
    line(&format!("error: {text}"));
}

/// Something the user should not miss.
pub fn warning(text: &str) {
    line(&format!("warning: {text}"));
}

/// Something worth knowing.
pub fn note(common: &Common, text: &str) {
    if !common.quiet {
        line(text);
    }
}

/// What was skipped, bad or odd in the input.
pub fn read_report(common: &Common, report: &ReadReport) {
    if common.quiet {
        return;
    }
    for skipped in report.skipped.iter().take(SHOWN) {
        line(&format!("skipped {}: {}", skipped.path, skipped.reason));
    }
    if report.skipped.len() > SHOWN {
        line(&format!(
            "... and {} more files skipped",
            report.skipped.len() - SHOWN
        ));
    }
    for problem in report.bad.iter().take(SHOWN) {
        warning(&format!("left out {problem}"));
    }
    if report.n_bad > 0 {
        warning(&format!(
            "{} of {} records could not be used",
            report.n_bad,
            report.n_bad + report.n_records
        ));
    }
    for note in &report.notes {
        warning(&note.text);
    }
}

/// Records left out beyond those of the reader.
pub fn left_out(common: &Common, problems: &[InputProblem]) {
    if common.quiet || problems.is_empty() {
        return;
    }
    for problem in problems.iter().take(SHOWN) {
        warning(&format!("left out {problem}"));
    }
    warning(&format!(
        "{} could not be used",
        count(problems.len(), "more record")
    ));
}

/// A bar on a terminal, nothing elsewhere.
pub fn progress(common: &Common, total: u64, what: &'static str) -> ProgressBar {
    if common.quiet {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total);
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {percent:>3} %  {elapsed}")
        .expect("the template is well formed")
        .progress_chars("=> ");
    bar.set_style(style);
    bar.set_message(what);
    bar
}
