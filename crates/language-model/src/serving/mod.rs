//! Texts over HTTP: what is asked of a writer, and who is written for at once. What answers stands in
//! `recurrent-serve`.

mod question;
mod writers;

use std::sync::Arc;

use recurrent_serve::{Interface, Problem, Task};
use serde_json::{Value, json};

use crate::model::LanguageModel;
use crate::page::PAGE;
use question::{Asked, Question};
use writers::Writers;

/// The task of writing on: `POST /v1/models/NAME/generate`. Texts join a running batch and leave it when they are
/// whole.
#[derive(Clone, Copy, Debug, Default)]
pub struct Writer;

impl Task for Writer {
    type Model = LanguageModel;
    type Asked = Asked;
    type Question = Question;
    type Batch = Writers;

    fn interface(&self) -> Interface {
        Interface {
            title: "text generation",
            verb: "generate",
            body: 64 << 10,
            question: question::schema(),
            answer: json!({
                "type": "object",
                "properties": {
                    "text": { "type": "string", "description": "What was written after the prime text" },
                    "prime": { "type": "string", "description": "What the text begins with, as the model read it" },
                    "seed": { "type": "integer" },
                    "stopped": { "type": "boolean", "description": "Whether the stop text ended it" },
                    "surprise": surprise(),
                },
            }),
            part: Some(json!({
                "type": "object",
                "properties": { "text": { "type": "string" }, "surprise": surprise() },
            })),
            page: PAGE,
        }
    }

    fn facts(&self, model: &LanguageModel) -> Value {
        let (settings, tokens) = (model.settings(), model.vocabulary().len());
        let (network, parameters) = (settings.network.words(), settings.parameters());
        json!({ "words": model.words(), "network": network, "vocabulary": tokens, "parameters": parameters })
    }

    fn is_streamed(asked: &Asked) -> bool {
        asked.is_streamed()
    }

    fn check(&self, model: &LanguageModel, asked: Asked) -> Result<Question, Problem> {
        asked.check(model)
    }

    fn batch(&self, model: &Arc<LanguageModel>) -> Writers {
        Writers::new(model)
    }
}

fn surprise() -> Value {
    json!({
        "type": "array",
        "items": { "type": "number" },
        "description": "Of each character, in nats, where it was asked for",
    })
}
