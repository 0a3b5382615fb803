//! How many threads a measurement runs on.

use recurrent_backend::set_threads;

/// Sets the number of threads that is asked for, or as many as there are processors, and returns it.
pub(crate) fn set(asked: Option<usize>) -> Result<usize, Box<dyn std::error::Error>> {
    let threads = match asked {
        Some(threads) => threads,
        None => std::thread::available_parallelism()?.get(),
    };
    set_threads(threads)?;
    Ok(threads)
}
