//! Connections: so many at once, each with a limit of time for what it sends and reads, and each ended in peace.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use super::patience::Patience;
use crate::limits::Limits;

/// After a failure to take a connection in, such as that no more files can be open, a moment passes before the next
/// attempt.
const PAUSE: Duration = Duration::from_millis(100);

/// Takes connections in until `until` is done, and waits until those that are open have their answers.
pub(super) async fn accept(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    until: impl Future<Output = ()>,
) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let (closing, closed) = watch::channel(());
    let mut open = JoinSet::new();
    let mut until = pin!(until);
    loop {
        let stream = tokio::select! {
            () = &mut until => break,
            stream = next(&listener, &room) => stream,
        };
        if let Some((stream, permit)) = stream {
            open.spawn(talk(stream, router.clone(), limits, closed.clone(), permit));
        }
        while open.try_join_next().is_some() {}
    }
    drop((listener, closing));
    while open.join_next().await.is_some() {}
}

async fn next(listener: &TcpListener, room: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let permit = room.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, permit)),
        Err(error) => {
            tracing::warn!(%error, "a connection cannot be taken in");
            tokio::time::sleep(PAUSE).await;
            None
        }
    }
}

/// Talks with a client until it leaves or takes too long, or the server closes and it has its answer.
async fn talk(
    stream: TcpStream,
    router: Router,
    limits: Limits,
    mut closed: watch::Receiver<()>,
    _permit: OwnedSemaphorePermit,
) {
    // Parts of an answer are to leave at once.
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Patience::new(stream, limits.reading));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.reading)
        .serve_connection(io, TowerToHyperService::new(router));
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = closed.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}
