//! Options of the report: its form, and how much it says.

use std::io::{self, IsTerminal};

use fanjian_dictionary::named;

use crate::print::{self, Color};

named! {
    /// The form of the report about files.
    #[derive(Default)]
    pub(crate) enum Format: "format" {
        #[default]
        Text "text" "lines for people",
        Json "json" "a JSON object a line for each file, and one for the summary",
        Sarif "sarif" "SARIF 2.1.0, for tools that show findings",
        Github "github" "annotations of GitHub's workflows",
        Gitlab "gitlab" "a Code Quality report of GitLab",
        Html "html" "with --diff: a page, side by side",
    }
}

/// What is reported instead of writing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preview {
    pub(crate) check: bool,
    pub(crate) diff: bool,
    pub(crate) dry_run: bool,
}

impl Preview {
    /// Whether nothing is written.
    pub(crate) fn is_on(self) -> bool {
        self.check || self.diff || self.dry_run
    }
}

/// What the report says, and how.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReportOptions {
    pub(crate) format: Format,
    pub(crate) preview: Preview,
    pub(crate) color: Color,
    /// Whether a diff has each line once, with its changes between brackets.
    pub(crate) word_diff: bool,
    /// Whether what is written for people goes through a pager, on a terminal.
    pub(crate) has_pager: bool,
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
    pub(crate) has_progress: bool,
    /// Whether texts are cleaned, and files can be left out.
    pub(crate) is_cleaning: bool,
    /// The fields or columns of records.
    pub(crate) fields: Vec<String>,
    /// Whether it is an error if no record has one of the fields.
    pub(crate) requires_fields: bool,
    /// Whether records with glosses are counted.
    pub(crate) has_glosses: bool,
}

impl ReportOptions {
    /// Whether each change is wanted, and not only whether there is one.
    pub(crate) fn shows_changes(&self) -> bool {
        self.preview.diff || (self.preview.is_on() && self.format != Format::Text) || self.shows_places()
    }

    /// Whether a line for each change is wanted.
    pub(crate) fn shows_places(&self) -> bool {
        let Preview { check, diff, dry_run } = self.preview;
        let is_alone = check && !diff && !dry_run;
        is_alone && self.format == Format::Text && !self.quiet && !self.is_cleaning
    }

    /// Whether what is written goes through a pager.
    pub(crate) fn is_paged(&self) -> bool {
        let is_for_people = self.format == Format::Text && (self.preview.check || self.preview.diff);
        self.has_pager && is_for_people && io::stdout().is_terminal()
    }

    /// Whether a diff is wanted, rather than its changes.
    pub(crate) fn shows_diff(&self) -> bool {
        self.preview.diff && matches!(self.format, Format::Text | Format::Html)
    }

    /// Whether the changes within the lines of a diff are marked.
    pub(crate) fn marks_changes(&self) -> bool {
        self.word_diff || self.format == Format::Html || print::is_coloured(self.color)
    }
}
