//! What people see of a model: the page, and the page that answers by itself.

use recurrent_data::text::Case;
use recurrent_exchange::States;
use recurrent_page::{Page, Standalone};
use serde_json::json;

use crate::error::Error;
use crate::export;
use crate::model::LanguageModel;
use crate::network_settings::CellKind;

/// A text that is written while one watches.
pub(crate) const PAGE: Page = Page {
    heading: "A text that goes on",
    style: include_str!("page.css"),
    body: include_str!("page.html"),
    script: include_str!("page.js"),
};

impl LanguageModel {
    /// The model as a page that writes by itself, in a browser without a server.
    ///
    /// At temperature 0 it writes what [`generate`](Self::generate) does greedily.
    ///
    /// # Errors
    /// ONNX does not have what the network's layers are: layer normalisation or zoneout.
    pub fn page(&self) -> Result<Standalone, Error> {
        let (settings, network) = (self.settings(), &self.settings().network);
        let states: &[&str] = if network.cell == CellKind::Lstm { &["h", "c"] } else { &["h"] };
        let facts = json!({
            "words": self.words(),
            "tokens": self.vocabulary().texts().collect::<Vec<_>>(),
            "tokens_are": self.vocabulary().tokens(),
            "lower": settings.read.case == Case::Lower,
            "states": states,
            "layers": network.layers,
            "hidden": network.hidden,
        });
        let graph = export::graph(self, States::Required)?;
        Ok(Standalone::new(PAGE, include_str!("answer.js"), facts, graph.to_bytes()))
    }

    /// What the model is, in a few words.
    pub(crate) fn words(&self) -> String {
        let (network, tokens) = (self.settings().network.words(), self.vocabulary().len());
        format!("{network}, which knows {tokens} tokens")
    }
}
