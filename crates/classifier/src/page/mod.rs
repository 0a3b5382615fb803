//! What people see of a classifier: the page, and the page that answers by itself.

use recurrent_data::reviews::{SEPARATORS, Side};
use recurrent_page::{Page, Standalone};
use serde_json::json;

use crate::classifier::Classifier;
use crate::error::Error;
use crate::export;

/// A text that is judged as one writes.
pub(crate) const PAGE: Page = Page {
    heading: "What a text says",
    style: include_str!("page.css"),
    body: include_str!("page.html"),
    script: include_str!("page.js"),
};

impl Classifier {
    /// The classifier as a page that judges texts by itself, in a browser without a server, as [`classify`](Self::classify) does.
    ///
    /// # Errors
    /// ONNX does not have what the layers are; it lacks none that this crate makes.
    pub fn page(&self) -> Result<Standalone, Error> {
        let (classes, reading) = (&self.settings().classes, self.network().reading());
        let facts = json!({
            "words": self.words(),
            "classes": classes.names(),
            "any": classes.are_labels(),
            "thresholds": self.scorer().thresholds,
            "index": self.index(),
            "words_are": self.vocabulary().tokens(),
            "separators": SEPARATORS,
            // A linear classifier beside the network reads all.
            "reads": self.scorer().stacking.is_none().then_some(reading.length),
            "keeps": if reading.truncating == Side::Pre { "last" } else { "first" },
        });
        Ok(Standalone::new(PAGE, include_str!("answer.js"), facts, export::graph(self)?.to_bytes()))
    }

    /// What it tells apart, in a few words.
    pub(crate) fn words(&self) -> String {
        let classes = &self.settings().classes;
        let kinds = if classes.are_labels() { "labels" } else { "classes" };
        format!("{} {kinds}: {}", classes.names().len(), classes.names().join(", "))
    }
}
