//! A question to a reader, as it is sent and as it is checked.

use recurrent_serve::Problem;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::classifier::{Classifier, check};
use crate::error::TextFault;
use crate::occlusion::Occluded;

/// Texts in one question.
const TEXTS: usize = 256;
/// Scores that a question may take: one for each text and, where they are to be explained, for each of its known words.
const SCORES: usize = 2_000;

/// A question as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    text: Option<String>,
    texts: Option<Vec<String>>,
    #[serde(default)]
    explain: bool,
}

/// A question that a model can answer.
#[derive(Debug)]
pub struct Question {
    pub(super) form: Form,
    pub(super) texts: Vec<Text>,
}

/// Whether one text was given, or a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    One,
    List,
}

/// A text to be scored: as it is, or also with each known word hidden in turn.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) occluded: Occluded,
    pub(super) is_explained: bool,
}

impl Asked {
    /// What the model is to do.
    pub(super) fn check(self, model: &Classifier) -> Result<Question, Problem> {
        let (form, texts) = match (self.text, self.texts) {
            (Some(text), None) => (Form::One, vec![text]),
            (None, Some(texts)) if (1..=TEXTS).contains(&texts.len()) => (Form::List, texts),
            (None, Some(texts)) => {
                let detail = format!("`texts` has {} texts, expected 1 to {TEXTS}", texts.len());
                return Err(Problem::unprocessable(detail));
            }
            _ => return Err(Problem::unprocessable("expected either `text` or `texts`")),
        };
        let mut scores = 0;
        let texts = (1..).zip(texts).map(|(number, text)| {
            check(&text).map_err(|fault| faulty(form, number, fault))?;
            let text = Text::new(model, text, self.explain);
            scores += text.occluded.forms();
            Ok(text)
        });
        let texts = texts.collect::<Result<Vec<_>, Problem>>()?;
        if scores > SCORES {
            return Err(Problem::unprocessable(format!(
                "the question takes {scores} scores, one for each text and each word to explain, expected at most {SCORES}; \
                 ask for less at once"
            )));
        }
        Ok(Question { form, texts })
    }
}

impl Text {
    fn new(model: &Classifier, text: String, is_explained: bool) -> Self {
        let indices = model.indices(&text);
        let read = if is_explained { model.scorer().read(indices.len()) } else { 0..0 };
        Self { text, occluded: Occluded::new(indices, read), is_explained }
    }
}

fn faulty(form: Form, number: usize, fault: TextFault) -> Problem {
    Problem::unprocessable(match form {
        Form::One => format!("`text` {fault}"),
        Form::List => format!("text {number} of `texts` {fault}"),
    })
}

/// What may be asked, as a JSON schema.
pub(super) fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "oneOf": [{ "required": ["text"] }, { "required": ["texts"] }],
        "properties": {
            "text": { "type": "string", "minLength": 1 },
            "texts": { "type": "array", "items": { "type": "string" }, "minItems": 1, "maxItems": TEXTS },
            "explain": {
                "type": "boolean", "default": false,
                "description": "Say how each word moved the score; takes as long as a text for each known word",
            },
        },
        "examples": [{ "text": "A dull start and a splendid end.", "explain": true }],
    })
}
