//! A server: an address, models of one task, and two kinds of threads: one that computes, one that talks to clients.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use crate::engine::compute;
use crate::error::Error;
use crate::http::{Shared, serve};
use crate::limits::Limits;
use crate::models::{Served, Source};
use crate::queue::Bell;
use crate::reload::reload;
use crate::task::Task;

/// How often it is asked whether to stop.
const ASKED: Duration = Duration::from_millis(50);

/// A server that is bound to an address and has loaded its models.
pub struct Server<T: Task> {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared<T>>,
    bell: Arc<Bell>,
}

impl<T: Task> Server<T> {
    /// Listens on an address and loads the models. A port of 0 is one that is free. With a token, clients have to
    /// name it.
    ///
    /// # Errors
    /// There is no model, two have the same name, one cannot be loaded, or the address cannot be listened on.
    pub fn bind(
        task: T,
        sources: Vec<Box<dyn Source<Model = T::Model>>>,
        address: SocketAddr,
        token: Option<&str>,
        limits: Limits,
    ) -> Result<Self, Error> {
        if sources.is_empty() {
            return Err(Error::NoModel);
        }
        let listen = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let bell = Arc::new(Bell::default());
        let mut models: Vec<Served<T>> = Vec::new();
        for source in sources {
            let name = source.name();
            if models.iter().any(|other| other.name == name) {
                return Err(Error::SameName(name));
            }
            let served = Served::new(source, limits.waiting, bell.clone());
            models.push(served.map_err(|source| Error::Load { name, source })?);
        }
        let shared = Arc::new(Shared::new(task, models, token, limits));
        Ok(Self { listener, address, shared, bell })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` says so, which is asked twenty times a second; what was asked before is answered still.
    /// The calling thread computes.
    ///
    /// # Errors
    /// The system refuses a thread or a timer.
    pub fn run(self, stop: impl Fn() -> bool + Send) -> Result<(), Error> {
        let Self { listener, shared, bell, .. } = self;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Start)?;
        let written = shared.models.iter().map(|served| served.source.written()).collect();
        let (every, has_stopped) = (shared.limits.reloading, AtomicBool::new(false));
        let ended = thread::scope(|scope| {
            // Whichever thread ends, by a panic too, the others do: the one for clients once none waits any more.
            let (watching, watched) = sync_channel(0);
            let models = &shared.models;
            thread::Builder::new()
                .name("weights".to_owned())
                .spawn_scoped(scope, move || reload(models, written, every, &watched))?;
            let (http, bell_of_clients, has_stopped) = (shared.clone(), &*bell, &has_stopped);
            let clients = move || {
                let _over = OnDrop(|| bell_of_clients.end());
                let _watching = watching;
                runtime.block_on(serve(listener, http, async {
                    while !stop() && !has_stopped.load(Ordering::Relaxed) {
                        tokio::time::sleep(ASKED).await;
                    }
                }))
            };
            let clients = thread::Builder::new().name("clients".to_owned()).spawn_scoped(scope, clients)?;
            let over = OnDrop(|| has_stopped.store(true, Ordering::Relaxed));
            compute(&shared.task, models, &bell);
            drop(over);
            clients.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        ended.map_err(Error::Start)
    }
}

/// Does something at the end of a scope, however it ends.
struct OnDrop<F: Fn()>(F);

impl<F: Fn()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
