//! Verdicts over HTTP: what is asked of a reader, and whose texts are scored at once. What answers stands in
//! `recurrent-serve`.

mod question;
mod readings;

use std::sync::Arc;

use recurrent_serve::{Interface, Problem, Task};
use serde_json::{Value, json};

use crate::classifier::Classifier;
use crate::page::PAGE;
use question::{Asked, Question};
use readings::Readings;

/// The task of classifying texts: `POST /v1/models/NAME/classify`. Texts of all who ask are scored together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader;

impl Task for Reader {
    type Model = Classifier;
    type Asked = Asked;
    type Question = Question;
    type Batch = Readings;

    fn interface(&self) -> Interface {
        Interface {
            title: "text classification",
            verb: "classify",
            body: 1 << 20,
            question: question::schema(),
            answer: json!({
                "type": "object",
                "description": "One verdict for `text`, a list `verdicts` of them for `texts`",
                "properties": {
                    "label": { "type": "string", "description": "The likeliest class" },
                    "probability": {
                        "type": "number",
                        "description": "Of two classes that of the second one, of several that of the likeliest",
                    },
                    "labels": { "type": "array", "items": { "type": "string" } },
                    "probabilities": { "type": "object", "additionalProperties": { "type": "number" } },
                    "words": { "type": "integer" },
                    "known": { "type": "integer", "description": "Words that the model knows" },
                    "explanation": effects(),
                    "explanations": { "type": "object", "additionalProperties": effects() },
                    "verdicts": { "type": "array", "items": { "type": "object" } },
                },
            }),
            part: None,
            page: PAGE,
        }
    }

    fn facts(&self, model: &Classifier) -> Value {
        let (classes, words) = (&model.settings().classes, model.settings().coding.num_words());
        json!({
            "words": model.words(),
            "classes": classes.names(),
            "labels": classes.are_labels(),
            "vocabulary": words,
        })
    }

    fn is_streamed(_: &Asked) -> bool {
        false
    }

    fn check(&self, model: &Classifier, asked: Asked) -> Result<Question, Problem> {
        asked.check(model)
    }

    fn batch(&self, model: &Arc<Classifier>) -> Readings {
        Readings::new(model)
    }
}

fn effects() -> Value {
    json!({
        "type": "array",
        "description": "How much each word moved the score, in the order of the text",
        "items": {
            "type": "object",
            "properties": { "word": { "type": "string" }, "effect": { "type": "number" } },
        },
    })
}
