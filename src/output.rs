//! Files appear whole or not at all: written under a temporary name beside the target, then renamed.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// How the names of files in the making begin.
pub(crate) const TEMPORARY_PREFIX: &str = ".standpoint-";

/// A file in the making. Dropped before [`OutputFile::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    writer: BufWriter<Target>,
}

#[derive(Debug)]
enum Target {
    /// The usual case.
    Temporary(NamedTempFile),
    /// A device or pipe (`/dev/stdout`): nothing to rename.
    Device(File),
}

impl OutputFile {
    /// Whether `path` can be begun: its folder exists and it is no folder itself.
    pub fn check(path: &Path) -> Result<()> {
        let folder = folder_of(path);
        if !folder.is_dir() {
            return Err(Error::Data(format!(
                "{}: the folder {} does not exist; make it first, or name another with -o",
                path.display(),
                folder.display()
            )));
        }
        if path.is_dir() {
            return Err(Error::Data(format!(
                "{} is a folder; name a file in it with -o",
                path.display()
            )));
        }
        Ok(())
    }

    /// Begins `path`; its folder must exist.
    pub fn create(path: &Path) -> Result<OutputFile> {
        OutputFile::check(path)?;
        let is_device = path.starts_with("/dev") || path.starts_with("/proc");
        if is_device || std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            let device = File::options()
                .write(true)
                .open(path)
                .map_err(|source| Error::io(path, "open", source))?;
            return Ok(OutputFile::new(path, Target::Device(device)));
        }
        // A link stays a link; what it leads to is written.
        let target = match path.is_symlink() {
            true => path.canonicalize().ok(),
            false => None,
        };
        let path = target.as_deref().unwrap_or(path);
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY_PREFIX);
        #[cfg(unix)]
        {
            // As any new file, not private as temporary ones are.
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder
            .tempfile_in(folder_of(path))
            .map_err(|source| Error::io(path, "write", source))?;
        Ok(OutputFile::new(path, Target::Temporary(file)))
    }

    fn new(path: &Path, target: Target) -> OutputFile {
        OutputFile {
            path: path.to_path_buf(),
            writer: BufWriter::with_capacity(1 << 16, target),
        }
    }

    /// Writes the rest and gives the file its name.
    pub fn finish(self) -> Result<()> {
        let failed = |source| Error::io(&self.path, "write", source);
        let target = self
            .writer
            .into_inner()
            .map_err(|e| failed(e.into_error()))?;
        if let Target::Temporary(file) = target {
            // Some file systems report a full disk only here.
            file.as_file().sync_all().map_err(failed)?;
            file.persist(&self.path).map_err(|e| failed(e.error))?;
        }
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

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Target::Temporary(file) => file.write(bytes),
            Target::Device(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Target::Temporary(file) => file.flush(),
            Target::Device(file) => file.flush(),
        }
    }
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
