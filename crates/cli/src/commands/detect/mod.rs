//! `fanjian detect`: script and region of texts, each on a line, or all in a summary.

use std::{
    fs,
    io::{self, IsTerminal},
};

use fanjian::{DetectStream, Detection};
use fanjian_documents::target_of_path;
use serde_json::json;

use crate::{
    args::{
        detect::{DetectArgs, DetectFormat},
        groups::FileFilter,
    },
    commands::{
        convert,
        detect::{
            files::{Kind, Stop},
            lines::Part,
            parts::Parts,
            records::{Broken, Records},
            summary::{Place, Summary},
        },
        inputs::Inputs,
    },
    error::{Failure, Status},
    files::walk::InputFile,
    io::{
        encodings,
        input::is_stdin,
        output::Output,
        progress::{Meter, Progress},
    },
    ordered::{self, Limits},
    print,
    settings::join,
};

mod files;
mod html;
mod json;
mod lines;
mod parts;
mod records;
mod sections;
mod summary;
mod terminal;

pub(crate) fn run(args: &DetectArgs) -> Result<Status, Failure> {
    let has_no_page = args.format == DetectFormat::Html && !args.summary;
    join::conflict(has_no_page, "--format html needs --summary: a page has no line for each text")?;
    let threads = join::threads(args.threads);
    let records = Records::new(args, threads)?;
    if records.is_none() {
        convert::note_records(&args.paths, false);
    }
    // The names of shards decide without the extension of their compression.
    let extension = if records.is_some() { Vec::new() } else { args.filter.extension.clone() };
    let filter = FileFilter { extension, ..args.filter.clone() };
    let (mut inputs, mut files) = Inputs::find("detect", &args.paths, &filter, None)?;
    if let Some(records) = &records {
        files.retain(|file| records.takes(file));
    }
    files.retain(|file| {
        // To look at a backup changes nothing.
        let left_out = file.left_out.filter(|why| *why != encodings::NoText::Backup);
        if let Some(why) = left_out {
            print::note(format_args!("fanjian: {}: {}", print::name(&file.path), why.skipped()));
        }
        left_out.is_none()
    });
    let count = inputs.failed() + files.len();
    let progress = progress(args, records.is_some(), &files);
    let run = Run { args, files: &files, progress: &progress, threads };
    if args.summary {
        let mut summary = Summary::new(records.is_some(), args.top.into());
        summary.failed = inputs.failed() as u64;
        match &records {
            Some(records) => run.sum_records(records, &mut summary, &mut inputs)?,
            None => run.sum_files(&mut summary, &mut inputs)?,
        }
        progress.finish();
        if !files.is_empty() || args.filter.allow_empty {
            write_summary(args, &summary)?;
        }
    } else {
        let mut output = Output::open(None)?;
        match &records {
            Some(records) => run.list_records(records, &mut output, &mut inputs)?,
            None => run.list_files(&mut output, &mut inputs)?,
        }
        progress.finish();
        output.finish()?;
    }
    inputs.finish(count)
}

/// The progress of all files. Many lines on a terminal show it by themselves.
fn progress(args: &DetectArgs, has_records: bool, files: &[InputFile]) -> Progress {
    let sizes = files.iter().map(|file| match is_stdin(&file.path) {
        true => None,
        false => fs::metadata(&file.path).ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len()),
    });
    let writes_much = (args.lines || args.spans || has_records) && !args.summary && io::stdout().is_terminal();
    Progress::new(sizes.sum::<Option<u64>>(), !args.no_progress && !writes_much)
}

fn write_summary(args: &DetectArgs, summary: &Summary) -> Result<(), Failure> {
    match args.format {
        DetectFormat::Text => terminal::write(summary, args.color),
        DetectFormat::Json | DetectFormat::Html => {
            let mut output = Output::open(None)?;
            output.write_line(&match args.format {
                DetectFormat::Html => html::page(summary),
                _ => json::summary(summary).to_string(),
            })?;
            output.finish()
        }
    }
}

/// A run over files.
struct Run<'r> {
    args: &'r DetectArgs,
    files: &'r [InputFile],
    progress: &'r Progress,
    threads: usize,
}

impl Run<'_> {
    /// A line for each text, or part of it, of files.
    fn list_files(&self, output: &mut Output, inputs: &mut Inputs) -> Result<(), Failure> {
        for (done, file) in self.files.iter().enumerate() {
            let name = file.path.display().to_string();
            let mut parts = Parts::new(self.args);
            let read = files::read(self.args, &file.path, &Meter::new(self.progress), &mut |text| {
                self.write(&name, &parts.push(text), output)
            });
            match read {
                Ok(Kind::Text) => self.write(&name, &parts.finish(), output)?,
                Ok(Kind::Binary) => {
                    let line = match self.args.format {
                        DetectFormat::Json => json!({ "path": name, "script": null, "binary": true }).to_string(),
                        _ => format!("{}: binary", print::escape(&name)),
                    };
                    self.progress.suspend(|| output.write_line(&line))?;
                }
                Err(Stop::File(message)) => inputs.fail(&file.path, message),
                Err(Stop::All(failure)) => return Err(failure),
            }
            self.progress.files(done + 1, self.files.len());
        }
        Ok(())
    }

    fn write(&self, name: &str, parts: &[Part], output: &mut Output) -> Result<(), Failure> {
        if parts.is_empty() {
            return Ok(());
        }
        self.progress.suspend(|| {
            parts.iter().try_for_each(|part| {
                output.write_line(&match self.args.format {
                    DetectFormat::Json => lines::json_record(name, part).to_string(),
                    _ => lines::text_record(name, part),
                })
            })
        })
    }

    /// A line for each record.
    fn list_records(&self, records: &Records, output: &mut Output, inputs: &mut Inputs) -> Result<(), Failure> {
        self.each_shard(records, inputs, |name, record| {
            let part = Part::line(record.line, record.detection);
            output.write_line(&match self.args.format {
                DetectFormat::Json => {
                    let mut json = lines::json_record(name, &part);
                    json["beginning"] = record.beginning.into();
                    json.to_string()
                }
                _ => format!("{} {}", lines::text_record(name, &part), print::escape(&record.beginning)),
            })
        })?;
        Ok(())
    }

    /// Adds all files to a summary.
    fn sum_files(&self, summary: &mut Summary, inputs: &mut Inputs) -> Result<(), Failure> {
        let limits = Limits { threads: self.threads.min(self.files.len()), ahead: 4 * self.threads };
        let detect = |file: &InputFile| {
            let mut stream = DetectStream::new();
            let kind = files::read(self.args, &file.path, &Meter::new(self.progress), &mut |text| {
                stream.push(text);
                Ok(())
            })?;
            Ok((kind, stream.finish()))
        };
        let (mut files, mut done) = (self.files.iter(), 0);
        ordered::run(limits, self.files.iter(), detect, |found: Result<Result<(Kind, Detection), Stop>, _>| {
            let Some(file) = files.next() else { return Ok(()) };
            match found {
                Ok(Ok((Kind::Text, found))) => summary.add(found, target_of_path(&file.path), || Place {
                    path: file.path.display().to_string(),
                    line: None,
                    beginning: String::new(),
                }),
                Ok(Ok((Kind::Binary, _))) => summary.binary += 1,
                Ok(Err(Stop::All(failure))) => return Err(failure),
                Ok(Err(Stop::File(message))) => {
                    summary.failed += 1;
                    inputs.fail(&file.path, message);
                }
                Err(panicked) => {
                    summary.failed += 1;
                    inputs.fail(&file.path, panicked.to_string());
                }
            }
            done += 1;
            self.progress.files(done, self.files.len());
            Ok(())
        })
    }

    /// Adds all records to a summary.
    fn sum_records(&self, records: &Records, summary: &mut Summary, inputs: &mut Inputs) -> Result<(), Failure> {
        let mut named = (String::new(), None);
        let failed = self.each_shard(records, inputs, |name, record| {
            if named.0 != name {
                named = (name.to_owned(), target_of_path(name.as_ref()));
            }
            summary.add(record.detection, named.1, || Place {
                path: name.to_owned(),
                line: Some(record.line),
                beginning: record.beginning,
            });
            Ok(())
        })?;
        summary.failed += failed;
        Ok(())
    }

    /// Gives each record of each file. Returns how many records are broken, or files not read.
    fn each_shard(
        &self,
        records: &Records,
        inputs: &mut Inputs,
        mut take: impl FnMut(&str, fanjian_records::DetectedRecord) -> Result<(), Failure>,
    ) -> Result<u64, Failure> {
        let mut failed = 0;
        for (done, file) in self.files.iter().enumerate() {
            let name = file.path.display().to_string();
            let mut broken = Broken::default();
            // A failure to write is of the whole run, and not of this file.
            let mut unwritten = None;
            let read = records.read(&file.path, &Meter::new(self.progress), &mut broken, &mut |record| {
                take(&name, record).map_err(|failure| {
                    unwritten = Some(failure);
                    Failure::failed("the output cannot be written")
                })
            });
            if let Some(failure) = unwritten {
                return Err(failure);
            }
            failed += broken.count;
            match (read, broken.message()) {
                (Err(failure), _) => {
                    failed += u64::from(broken.count == 0);
                    inputs.fail(&file.path, failure.message()?);
                }
                (Ok(()), Some(message)) => inputs.fail(&file.path, message),
                (Ok(()), None) => {}
            }
            self.progress.files(done + 1, self.files.len());
        }
        Ok(failed)
    }
}
