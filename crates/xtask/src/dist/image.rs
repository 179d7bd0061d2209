//! The image of a program for containers: built of its archive by the Dockerfile, and run.

use std::{path::Path, process::Command};

use import::{Result, root};

use super::{
    Release, archive,
    target::{Target, check},
};
use crate::{
    process::{output, text},
    processor,
};

/// Where the emulator of QEMU is in the container of a trial: the image has nothing but the program.
const EMULATOR: &str = "/qemu";

/// Where the image has the program.
const PROGRAM: &str = "/usr/bin/fanjian";

/// Builds the image of a program, and runs it on a folder. The image is not kept: those who publish build it for all targets at
/// once, as the Dockerfile says.
pub(super) fn try_image(release: &Release, target: Target) -> Result<()> {
    let archive = archive::path(release, target);
    if !archive.exists() {
        let triple = target.triple();
        return Err(
            format!("no {}, of which the image is made: dist programs --target {triple}", archive.display()).into()
        );
    }
    let work = tempfile::tempdir()?;
    let buildah = |command: &str| buildah(work.path(), command);
    let platform = format!("linux/{}", target.debian());
    let mut build = buildah("build");
    build.args(["--quiet", "--isolation", "chroot", "--platform", &platform]);
    build.args(["--build-arg", &format!("VERSION={}", release.version), "--file"]);
    let image = text(build.arg(root().join("crates/cli/packaging/Dockerfile")).arg(&release.output))?;
    let image = image.trim();
    let inspected = ["--type", "image", "--format", "{{.OCIv1.Architecture}} {{.OCIv1.Config.Entrypoint}}", image];
    let inspected = text(buildah("inspect").args(inspected))?;
    if inspected != format!("{} [{PROGRAM}]", target.debian()) {
        return Err(format!("the image for {platform} is of {inspected}, and not of {PROGRAM}").into());
    }
    let container = text(buildah("from").args(["--platform", &platform, image]))?;
    let emulator = processor::emulator(target.processor())?;
    let data = tempfile::tempdir()?;
    check(&format!("the image for {platform}"), &release.version, data.path(), || {
        let mut run = buildah("run");
        run.args(["--isolation", "chroot", "--volume"]).arg(format!("{}:/data", data.path().display()));
        if let Some(emulator) = &emulator {
            run.arg("--volume").arg(format!("{}:{EMULATOR}", emulator.display()));
        }
        run.args([container.trim(), "--"]).args(emulator.as_ref().map(|_| EMULATOR)).arg(PROGRAM);
        Ok(run)
    })?;
    output(buildah("rm").arg(container.trim()))?;
    println!("the image for {platform}: built, and run");
    Ok(())
}

/// A command of buildah, which keeps its images in this folder.
fn buildah(folder: &Path, command: &str) -> Command {
    let mut buildah = Command::new("buildah");
    buildah.args(["--storage-driver", "vfs", "--root"]).arg(folder.join("images"));
    buildah.arg("--runroot").arg(folder.join("run")).arg(command);
    buildah
}
