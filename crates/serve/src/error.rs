//! Why a server cannot start, or could not go on.

use std::io;
use std::net::SocketAddr;

/// Why a server cannot start, or could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to serve.
    #[error("no model to serve; name at least one")]
    NoModel,
    /// Two models would be asked for by the same name.
    #[error("two models are called `{0}`; give one of their folders another name")]
    SameName(String),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}; choose another address or port")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's reason.
        source: io::Error,
    },
    /// A model cannot be loaded.
    #[error("the model `{name}` cannot be loaded")]
    Load {
        /// Its name.
        name: String,
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The system refuses a thread or a timer.
    #[error("the server cannot be started")]
    Start(#[source] io::Error),
}
