//! Film reviews: reading them, their words as numbers, batches to learn from, and demo reviews.
//!
//! [`load`] reads a data set and keeps it encoded on the disk; [`read`] or [`demo`](demo()) makes a [`Corpus`], the texts,
//! and [`Dataset::new`] encodes it. Words are held as ranks by frequency. [`Coding`] makes of them the indices that a network
//! sees, and [`Batches`] cuts those into batches of equal length.
//!
//! ```
//! use recurrent_data::reviews::{BatchSpec, Batches, Coding, Dataset, Holdout, WordsOf, demo};
//!
//! let data = Dataset::new(demo(7, 500), WordsOf::Train)?;
//! let indices = Coding::new(5000, 0)?.encode_all(data.train.ranks());
//! let labels = data.train.labels();
//! let holdout = Holdout::stratified(labels, 0.1, 7)?;
//! let batches = Batches::new(&indices, labels, holdout.train, BatchSpec::default())?;
//! let batch = batches.batch(0, 0);
//! assert_eq!((batch.labels.len(), batch.indices.time, batch.indices.numbers.len()), (32, 200, 32 * 200));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
mod batches;
mod cache;
mod coding;
mod corpus;
mod count;
mod dataset;
mod demo;
mod error;
mod files;
mod folder;
mod holdout;
mod label;
mod layout;
mod note;
mod pad;
mod part;
mod read;
mod sequences;
mod spec;
mod table;
mod tokenise;
mod tokens;
mod vocabulary;

pub use crate::encoding::{Encoding, NotText};
pub use batches::{Batch, BatchSpec, Batches, Order};
pub use cache::{CacheFault, CacheUse, LoadSpec, load};
pub use coding::{Coding, INDEX_FROM, PADDING, START, UNKNOWN};
pub use corpus::{Corpus, Labelled};
pub use dataset::{Dataset, Encoded, WordsOf};
pub use demo::{DEMO_REVIEWS, MAX_DEMO_REVIEWS, demo, demo_label};
pub use error::{
    BatchFault, CodingFault, EntryFault, FileFault, HoldoutFault, ReviewError, RowFault, RowUnit,
    VocabularyFault,
};
pub use holdout::Holdout;
pub use label::{ClassNames, Label, MAX_CLASSES};
pub use note::Note;
pub use pad::{PadSpec, Padded, Side, Width, pad_sequences};
pub use part::Part;
pub use read::{MAX_REVIEW_BYTES, MAX_REVIEWS, MAX_SOURCE_BYTES, read};
pub use sequences::Sequences;
pub use spec::{Classes, LabelsAs, LabelsParted, ReadSpec, Unlabelled};
pub use table::{Columns, Texts, texts, texts_of};
pub use tokenise::{SEPARATORS, tokenise};
pub use tokens::Tokens;
pub use vocabulary::{MAX_VOCABULARY, Rank, Vocabulary};
