//! A folder of its own for each test, with sources, a lake and the built program.

use std::path::PathBuf;
use std::process::{Command, Output};

/// What a run of the program came to.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn new(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Asserts that it ended with this exit code, and shows what it said where it did not.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Asserts that stderr holds every one of these.
    #[track_caller]
    pub(crate) fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.err.contains(part), "stderr lacks {part:?}:\n{}", self.err);
        }
        self
    }

    /// The rows of a CSV output, without its header.
    pub(crate) fn rows(&self) -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_reader(self.out.as_bytes());
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    }
}

/// A folder with sources and a lake.
pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("sources")).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// Writes a file below `sources`.
    pub(crate) fn source(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path("sources").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lais"));
        command.current_dir(self.folder.path()).env_remove("LAIS_LAKE").args(arguments);
        // No test depends on the day on which it runs.
        command.env("LAIS_TODAY", "2026-01-31");
        command
    }

    pub(crate) fn lais(&self, arguments: &[&str]) -> Said {
        Said::new(&self.command(arguments).output().unwrap())
    }

    pub(crate) fn build(&self) -> Said {
        self.lais(&["build", "--sources", "sources", "--as-at", "2026-01-31"])
    }

    /// The rows that a SELECT gives, as text.
    #[track_caller]
    pub(crate) fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        self.lais(&["query", sql, "--format", "csv"]).code(0).rows()
    }

    /// The one value that a SELECT gives.
    #[track_caller]
    pub(crate) fn value(&self, sql: &str) -> String {
        self.rows(sql)[0][0].clone()
    }

    pub(crate) fn current(&self) -> PathBuf {
        std::fs::read_link(self.path("lake/current")).unwrap()
    }
}

/// The repository's root, as cargo says it at run time: a warm target folder may hold tests compiled in another clone.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../..")
}

/// The folder of published files and expected values beside the repository, if it is there.
pub(crate) fn shared(below: &str) -> Option<PathBuf> {
    let path = root().join("../shared").join(below);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: ../shared/{below} is not beside this clone");
    None
}
