//! How much memory this process took.

/// The most memory that this process held at once, in bytes, where the system tells it.
#[cfg(unix)]
pub fn peak_memory_bytes() -> Option<u64> {
    use nix::sys::resource::{UsageWho, getrusage};

    let usage = getrusage(UsageWho::RUSAGE_SELF).ok()?;
    let size = u64::try_from(usage.max_rss()).ok()?;
    // Apple's systems count in bytes, the others in KiB.
    Some(if cfg!(target_vendor = "apple") { size } else { size * 1024 })
}

/// The most memory that this process held at once, in bytes, where the system tells it.
#[cfg(not(unix))]
pub fn peak_memory_bytes() -> Option<u64> {
    None
}
