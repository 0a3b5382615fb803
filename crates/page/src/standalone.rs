//! A page that answers by itself: the network and ONNX Runtime Web are part of it.

use std::io::Write;

use base64::prelude::{BASE64_STANDARD, Engine};
use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

use crate::{
    page::{Answers, Page},
    runtime::Runtime,
};

/// A page that answers by itself, in any browser, from a disk as from a server, without a network.
///
/// ```no_run
/// use recurrent_page::{Page, Runtime, Standalone};
/// use serde_json::json;
///
/// let page = Page {
///     heading: "Twice",
///     style: "",
///     body: "<label hidden><select id=\"model\"></select></label><p id=\"said\"></p>",
///     script: "Recurrent.models(async () => { Recurrent.at('said').textContent = await Recurrent.ask('', '', 21); });",
/// };
/// let answer = "Recurrent.answer = async (facts, question, { run }) => {
///     const { y } = await run({ x: ['float32', Float32Array.of(question), [1]] });
///     return y.data[0];
/// };";
/// let facts = json!({ "words": "a network that adds a number to itself" });
/// let twice = Standalone::new(page, answer, facts, std::fs::read("twice.onnx")?);
/// std::fs::write("twice.html", twice.html(&Runtime::open("node_modules/onnxruntime-web")?))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Standalone {
    page: Page,
    answer: &'static str,
    facts: Value,
    network: Vec<u8>,
}

impl Standalone {
    /// A page whose questions a script answers with a network, a graph of ONNX.
    ///
    /// The script sets `Recurrent.answer`, a function of `facts`, a question, and
    ///
    /// | | |
    /// |---|---|
    /// | `run(inputs)` | what the network gives, by name, of inputs: each a kind of numbers, the numbers and a shape, or what it gave before |
    /// | `rest()` | lets the browser show what there is; fails where nobody waits for the answer any more |
    /// | `each(part)` | hands a part of the answer on |
    ///
    /// which gives a promise of the answer. `Recurrent.segments(text)` parts a text at Unicode's word boundaries (UAX #29).
    /// `facts` is an object; its `words` say what the model is.
    pub fn new(page: Page, answer: &'static str, facts: Value, network: Vec<u8>) -> Self {
        Self { page, answer, facts, network }
    }

    /// The whole document.
    pub fn html(&self, runtime: &Runtime) -> String {
        // The runtime may come last: it is waited for.
        let elements = format!(
            "{}{}<script id=\"facts\" type=\"application/json\">{}</script>\n<script type=\"module\">\n{}\n</script>\n",
            element("network", &self.network),
            element("wasm", &runtime.wasm),
            self.facts.to_string().replace('<', "\\u003c"),
            runtime.script,
        );
        let scripts =
            [include_str!("standalone/standalone.js"), include_str!("standalone/segments.js"), self.answer];
        let foot = "<p>All of it is in this file: it asks no server and no network. The network is computed by ONNX Runtime Web, \
                    © Microsoft Corporation, under the MIT licence.</p>\n";
        self.page.html("one moment", &Answers { scripts: &scripts, foot, elements: &elements })
    }
}

/// Bytes as a part of a page that shows nothing: half the size and less, since what reads them is in every browser that has the
/// vectors which the runtime needs.
fn element(id: &str, bytes: &[u8]) -> String {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    let packed = packed.write_all(bytes).and_then(|()| packed.finish()).expect("memory takes all bytes");
    format!("<script id=\"{id}\" type=\"text/plain\">{}</script>\n", BASE64_STANDARD.encode(packed))
}
