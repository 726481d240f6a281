//! Files of other programs that are named or found in place of text: spreadsheets, PDFs, word processors' documents, exports of
//! annotation tools.
//!
//! They are not read; what helps is to say how to get text out of them. The extension tells, or the first bytes, which
//! also unmask a PDF that is called `.txt`. Exports show by their columns and by the shape of their labels.

use serde_json::Value;

/// How to make JSON lines of a JSON array.
pub(crate) const ARRAY_TO_LINES: &str = "jq -c '.[]' FILE > FILE.jsonl";

/// What to do with the export of an annotation tool, told from the columns of its first record.
pub(crate) fn annotation_export(columns: &[&str]) -> Option<&'static str> {
    let has = |name| columns.contains(&name);
    if has("data") && (has("annotations") || has("completions")) {
        return Some(
            "this is a Label Studio export with nested JSON; export it as CSV (Export, CSV) and name the column of your choices with \
             --label-column",
        );
    }
    if has("_task_hash") || has("_input_hash") {
        return Some(
            "this is a Prodigy export; write a file with a \"text\" and a \"label\" of each accepted record: \
             jq -c 'select(.answer==\"accept\") | {text, label: (.label // .accept[0]), annotator: ._annotator_id}' FILE",
        );
    }
    None
}

/// Whether a label is a list of marked stretches, `[[from, to, name], ...]`, as doccano exports sequence labelling.
pub(crate) fn is_span_labels(label: &Value) -> bool {
    let is_span = |value: &Value| match value.as_array().map(Vec::as_slice) {
        Some([from, to, name]) => from.is_u64() && to.is_u64() && name.is_string(),
        _ => false,
    };
    label
        .as_array()
        .is_some_and(|spans| !spans.is_empty() && spans.iter().all(is_span))
}

/// What to do about such labels.
pub(crate) const SPAN_LABELS: &str = "marked stretches [from, to, name], as doccano exports sequence labelling; allowed: one label a row, of the whole \
     sentence. Write one row a stretch, with its place in \"from\" and \"to\": \
     jq -c '. as $r | .label[] | {text: $r.text, article: $r.id, from: .[0], to: .[1], label: .[2]}' FILE > FILE.jsonl";

/// A kind of file that holds text we cannot get at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Foreign {
    /// With its article: `a PDF`.
    pub(crate) what: &'static str,
    /// How to make a file that is read.
    remedy: &'static str,
}

const SPREADSHEET: Foreign = Foreign {
    what: "a spreadsheet",
    remedy: "save its sheet as CSV (in Excel: Save As, \"CSV UTF-8\") and name that file",
};

const PDF: Foreign = Foreign {
    what: "a PDF",
    remedy: "export its text (pdftotext FILE.pdf FILE.txt) and name that file",
};

const DOCUMENT: Foreign = Foreign {
    what: "a word processor's document",
    remedy: "save it as plain text (.txt, encoding UTF-8) and name that file",
};

/// What to do about a Parquet or Arrow file that this build does not read.
#[cfg(not(feature = "arrow"))]
pub(crate) const NO_COLUMNAR: &str = "this program was built without Parquet and Arrow; install it with them (cargo install --path . --features arrow), or \
     use CSV or JSON lines";

#[cfg(not(feature = "arrow"))]
const COLUMNAR_REMEDY: &str = NO_COLUMNAR;
#[cfg(feature = "arrow")]
const COLUMNAR_REMEDY: &str =
    "give it the extension .parquet or .arrow, or add --input-format parquet or arrow";

const PARQUET: Foreign = Foreign {
    what: "a Parquet file",
    remedy: COLUMNAR_REMEDY,
};

const ARROW: Foreign = Foreign {
    what: "an Arrow file",
    remedy: COLUMNAR_REMEDY,
};

const OFFICE: Foreign = Foreign {
    what: "an Office document or ZIP archive",
    remedy: "save a sheet as CSV (\"CSV UTF-8\") or a document as plain text, or unpack the archive, and name that file",
};

impl Foreign {
    /// What an extension without its dot promises.
    pub(crate) fn by_extension(extension: &str) -> Option<Foreign> {
        match extension.to_ascii_lowercase().as_str() {
            "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" | "numbers" => Some(SPREADSHEET),
            "pdf" => Some(PDF),
            "docx" | "doc" | "odt" | "rtf" | "pages" => Some(DOCUMENT),
            #[cfg(not(feature = "arrow"))]
            "parquet" => Some(PARQUET),
            #[cfg(not(feature = "arrow"))]
            "arrow" | "feather" => Some(ARROW),
            _ => None,
        }
    }

    /// What the first four bytes of a file give away.
    pub(crate) fn by_first_bytes(bytes: &[u8]) -> Option<Foreign> {
        match bytes {
            b"%PDF" => Some(PDF),
            b"{\\rt" => Some(DOCUMENT),
            b"PK\x03\x04" | b"\xD0\xCF\x11\xE0" => Some(OFFICE),
            b"PAR1" => Some(PARQUET),
            b"ARRO" => Some(ARROW),
            _ => None,
        }
    }

    /// The message about a file that is one.
    pub(crate) fn message(self) -> String {
        format!("{} is not read; {}", self.what, self.remedy)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn marked_stretches_are_told_from_lists_of_labels() {
        for (label, expected) in [
            (json!([[0, 5, "favor"], [7, 9, "against"]]), true),
            (json!([["0", 5, "favor"]]), false),
            (json!(["law", "politics"]), false),
            (json!([]), false),
            (json!("favor"), false),
        ] {
            assert_eq!(is_span_labels(&label), expected, "{label}");
        }
    }

    #[test]
    fn exports_show_by_their_columns() {
        let found = |columns: &[&str]| annotation_export(columns).unwrap_or("");
        assert!(found(&["annotations", "data", "id"]).contains("Label Studio"));
        assert!(found(&["_input_hash", "text", "answer"]).contains("Prodigy"));
        assert_eq!(annotation_export(&["text", "label", "data"]), None);
    }
}
