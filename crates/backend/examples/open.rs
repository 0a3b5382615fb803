//! Opens the backend named on the command line (default `flex`) and computes a sum on it:
//! `cargo run -p recurrent-backend --example open -- wgpu`.
#![allow(clippy::print_stdout)] // an example shows its result

use recurrent_backend::BackendKind;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "flex".to_owned());
    let backend: BackendKind = name.parse()?;
    let device = backend.open()?;
    let sum = burn::Tensor::<1>::ones([1000], &device).sum().into_scalar::<f32>();
    println!("{backend} opened {device:?}; the sum of 1,000 ones is {sum}");
    Ok(())
}
