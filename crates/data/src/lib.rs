#![cfg_attr(all(feature = "prices", feature = "text", feature = "reviews"), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(all(feature = "prices", feature = "text", feature = "reviews")),
    doc = "Parts of `recurrent-data`: the page of the whole crate is built with all of its features."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "prices", feature = "text", feature = "reviews"))]
mod checksum;
#[cfg(any(feature = "text", feature = "reviews"))]
mod encoding;
#[cfg(feature = "prices")]
pub mod prices;
#[cfg(feature = "reviews")]
pub mod reviews;
mod split;
#[cfg(feature = "text")]
pub mod text;
#[cfg(any(feature = "prices", feature = "reviews"))]
mod whole_file;

pub use split::{Fractions, Split, SplitError};
