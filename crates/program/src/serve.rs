//! `serve`: the models of runs over HTTP, with newer weights as they come.

use std::ffi::OsStr;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use burn::tensor::Device;
use clap::Args;
use recurrent_serve::{Error, Limits, Server, Source, Task, Weights};
use recurrent_train::{Interrupt, RunFolder, describe_model};
use serde::Serialize;
use serde::de::IgnoredAny;

use crate::flags::{CommonFlags, values};
use crate::{Failure, Screen};

/// The options of `serve`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct ServeFlags {
    /// Folders of runs, or their model.safetensors; each model is called as its run's folder
    #[arg(long, value_name = "RUN", value_parser = values::run(), num_args = 1.., required = true)]
    #[arg(help_heading = "Run")]
    pub run: Vec<PathBuf>,
    /// Address to listen on; beyond this machine whoever reaches it may ask, so give a --token
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", help_heading = "Server")]
    pub host: IpAddr,
    /// Port to listen on; 0 takes one that is free
    #[arg(long, value_name = "N", default_value_t = 8080, help_heading = "Server")]
    pub port: u16,
    /// What clients have to send as `Authorization: Bearer TOKEN` [default: nothing]
    #[arg(long, value_name = "TOKEN", value_parser = values::name, help_heading = "Server")]
    pub token: Option<String>,
    /// Machine and output.
    #[command(flatten)]
    pub common: CommonFlags,
}

#[derive(Serialize)]
struct Serving<'a> {
    program: &'a str,
    address: String,
    models: Vec<String>,
}

/// Serves the models of runs until Ctrl-C, which lets those who have asked have their answers. The calling thread
/// computes.
///
/// # Errors
/// A run is of another program, a model cannot be loaded, or the address cannot be listened on.
pub fn serve<T, E>(
    task: T,
    program: &str,
    flags: &ServeFlags,
    interrupt: &Interrupt,
    screen: &Screen,
    load: impl Fn(&Path, &Device) -> Result<T::Model, E> + Clone + Send + Sync + 'static,
) -> Result<(), Failure>
where
    T: Task,
    E: Into<Failure>,
{
    let device = flags.common.backend.unwrap_or_default().open()?;
    let mut sources: Vec<Box<dyn Source<Model = T::Model>>> = Vec::new();
    for path in &flags.run {
        let (load, device) = (load.clone(), device.clone());
        let load = Box::new(move |path: &Path| load(path, &device).map_err(Into::into));
        let run = Run::open(program, path, load)?;
        if run.is_being_trained() {
            let path = path.display();
            screen.note(&format!("note: {path} is being trained; newer weights are taken as they come"));
        }
        sources.push(Box::new(run));
    }
    let models = sources.iter().map(|source| source.name()).collect();
    let address = SocketAddr::new(flags.host, flags.port);
    let server = Server::bind(task, sources, address, flags.token.as_deref(), Limits::default());
    let server = server.map_err(|error| match error {
        Error::Load { source, .. } => source,
        error => error.into(),
    })?;
    let address = format!("http://{}", server.address());
    if !flags.host.is_loopback() && flags.token.is_none() {
        screen.note("note: whoever reaches this address may ask; `--token` asks them for a token");
    }
    screen.note("Ctrl-C ends, once those who have asked have their answers");
    screen.result(&Serving { program, address: address.clone(), models }, &address)?;
    Ok(server.run(|| interrupt.is_requested())?)
}

/// Loads the model of a run.
type Load<M> = Box<dyn Fn(&Path) -> Result<M, Failure> + Send + Sync>;

/// A run's folder, or the one file that its model ships as.
struct Run<M> {
    path: PathBuf,
    folder: Option<RunFolder>,
    load: Load<M>,
}

impl<M> Run<M> {
    fn open(program: &str, path: &Path, load: Load<M>) -> Result<Self, Failure> {
        let folder = path.is_dir().then(|| RunFolder::open::<IgnoredAny>(path, program)).transpose()?;
        Ok(Self { path: path.to_owned(), folder: folder.map(|(folder, _)| folder), load })
    }

    /// The file of the weights.
    fn weights(&self) -> Result<PathBuf, Failure> {
        match &self.folder {
            Some(folder) => Ok(folder.weights_file()?),
            None => Ok(self.path.clone()),
        }
    }
}

impl<M: 'static> Source for Run<M> {
    type Model = M;

    /// The name of the folder, or that of a file which has one of its own.
    fn name(&self) -> String {
        let path = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        let name = match path.file_stem() {
            _ if self.folder.is_some() => path.file_name(),
            Some(stem) if stem == "model" => path.parent().and_then(Path::file_name),
            stem => stem,
        };
        name.unwrap_or(OsStr::new("model")).to_string_lossy().into_owned()
    }

    fn written(&self) -> Option<SystemTime> {
        self.weights().ok()?.metadata().ok()?.modified().ok()
    }

    fn is_being_trained(&self) -> bool {
        self.folder.as_ref().is_some_and(RunFolder::is_being_trained)
    }

    fn load(&self) -> Result<(M, Weights), Failure> {
        loop {
            let before = self.weights()?;
            let loaded = (self.load)(&self.path);
            // A training may have put others in their place meanwhile.
            if self.weights()? != before {
                continue;
            }
            let weights = if self.folder.is_some() {
                let description = describe_model(&before)?;
                Weights { epoch: Some(description.epoch), step: Some(description.step) }
            } else {
                Weights::default()
            };
            return Ok((loaded?, weights));
        }
    }
}
