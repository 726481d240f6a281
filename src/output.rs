//! Files appear whole or not at all: written under a temporary name beside the target, then renamed.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// A file in the making. Dropped before [`OutputFile::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    writer: BufWriter<NamedTempFile>,
}

impl OutputFile {
    /// Begins `path`; its folder must exist.
    pub fn create(path: &Path) -> Result<OutputFile> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if !folder.is_dir() {
            return Err(Error::Parameter(format!(
                "{}: the folder {} does not exist; make it first, or name another with -o",
                path.display(),
                folder.display()
            )));
        }
        if path.is_dir() {
            return Err(Error::Parameter(format!(
                "{} is a folder; name a file in it with -o",
                path.display()
            )));
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".standpoint-");
        #[cfg(unix)]
        {
            // As any new file, not private as temporary ones are.
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder
            .tempfile_in(folder)
            .map_err(|source| Error::io(path, "write", source))?;
        Ok(OutputFile {
            path: path.to_path_buf(),
            writer: BufWriter::with_capacity(1 << 16, file),
        })
    }

    /// Writes the rest and gives the file its name.
    pub fn finish(self) -> Result<()> {
        let failed = |source| Error::io(&self.path, "write", source);
        let file = self
            .writer
            .into_inner()
            .map_err(|e| failed(e.into_error()))?;
        sync(file.as_file()).map_err(failed)?;
        file.persist(&self.path).map_err(|e| failed(e.error))?;
        Ok(())
    }

    /// Writes `bytes` as the whole of `path`.
    pub fn write_all_to(path: &Path, bytes: &[u8]) -> Result<()> {
        let mut file = OutputFile::create(path)?;
        file.writer
            .write_all(bytes)
            .map_err(|source| Error::io(path, "write", source))?;
        file.finish()
    }
}

/// Some file systems report a full disk only here.
fn sync(file: &File) -> std::io::Result<()> {
    file.sync_all()
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unfinished_file_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("out.txt");
        let mut file = OutputFile::create(&path).expect("the folder exists");
        file.write_all(b"half").expect("room for four bytes");
        drop(file);
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("readable").count(),
            0
        );
        OutputFile::write_all_to(&path, b"whole").expect("room for five bytes");
        assert_eq!(std::fs::read(&path).expect("written"), b"whole");
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = OutputFile::create(Path::new("no/such/folder/m.safetensors")).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("the folder no/such/folder does not exist")
        );
    }
}
