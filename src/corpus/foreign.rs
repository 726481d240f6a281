//! Files of other programs that are named or found in place of text: spreadsheets, PDFs, word processors' documents.
//!
//! They are not read; what helps is to say how to get text out of them. The extension tells, or the first bytes, which
//! also unmask a PDF that is called `.txt`.

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
            _ => None,
        }
    }

    /// What the first four bytes of a file give away.
    pub(crate) fn by_first_bytes(bytes: &[u8]) -> Option<Foreign> {
        match bytes {
            b"%PDF" => Some(PDF),
            b"{\\rt" => Some(DOCUMENT),
            b"PK\x03\x04" | b"\xD0\xCF\x11\xE0" => Some(OFFICE),
            _ => None,
        }
    }

    /// The message about a file that is one.
    pub(crate) fn message(self) -> String {
        format!("{} is not read; {}", self.what, self.remedy)
    }
}
