//! What one client, and all of them together, may take.

use std::time::Duration;

/// What one client, and all of them together, may take. Plain data, with defaults for a machine of a few cores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Connections at once; further ones wait until one is closed.
    pub connections: usize,
    /// Questions that wait for each model; further ones are refused with status 429.
    pub waiting: usize,
    /// How long the head of a request may take, and its body again, and how long a client may leave an answer unread.
    pub reading: Duration,
    /// How long an answer may take from the question on, the waiting included; after that status 504.
    pub answering: Duration,
    /// How often the files of models are looked at for newer weights.
    pub reloading: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            waiting: 256,
            reading: Duration::from_secs(10),
            answering: Duration::from_secs(60),
            reloading: Duration::from_secs(1),
        }
    }
}
