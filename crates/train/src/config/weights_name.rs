//! The names of weights files: a template with the epoch and the loss.

use std::fmt::Write as _;

/// Checks a template such as `weights_epoch_{epoch:03}_loss_{loss:.4}`.
///
/// The epoch must occur: two files with one name would replace each other, and a kill between the two
/// writes of a pair would leave neither readable.
pub(crate) fn problem(template: &str) -> Option<String> {
    let parts = match parse(template) {
        Ok(parts) => parts,
        Err(problem) => return Some(format!("the weights' name `{template}` {problem}")),
    };
    if !parts.iter().any(|part| matches!(part, Part::Epoch(_))) {
        return Some(format!("the weights' name `{template}` lacks the epoch; add `{{epoch:03}}`"));
    }
    if names_a_state(&parts) {
        return Some(format!(
            "the weights' name `{template}` can be that of a state, `state-STEP`; choose one like `weights_epoch_{{epoch:03}}`"
        ));
    }
    if template.contains(['/', '\\']) || template.starts_with('.') {
        return Some(format!(
            "the weights' name `{template}` is no plain file name; expected one like `weights_epoch_{{epoch:03}}`"
        ));
    }
    None
}

/// Fills a template that was checked.
pub(crate) fn fill(template: &str, epoch: usize, loss: f64) -> String {
    let mut name = String::new();
    for part in parse(template).unwrap_or_default() {
        let _ = match part {
            Part::Text(text) => write!(name, "{text}"),
            Part::Epoch(width) => write!(name, "{epoch:0width$}"),
            Part::Loss(Some(digits)) => write!(name, "{loss:.digits$}"),
            Part::Loss(None) => write!(name, "{loss}"),
        };
    }
    name
}

/// Whether a name of this form can be that of a state file, also where the file system does not tell capitals from small letters:
/// it begins with `state-`, or with `state` and a loss, which may be negative.
fn names_a_state(parts: &[Part<'_>]) -> bool {
    let starts = |text: &str| text.to_ascii_lowercase().starts_with("state-");
    match parts {
        [Part::Text(text), Part::Loss(_), ..] if text.eq_ignore_ascii_case("state") => true,
        [Part::Text(text), ..] => starts(text),
        _ => false,
    }
}

enum Part<'a> {
    Text(&'a str),
    Epoch(usize),
    Loss(Option<usize>),
}

fn parse(template: &str) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('{') {
        parts.push(Part::Text(text));
        let (figure, after) = after.split_once('}').ok_or("has a `{` without a `}`")?;
        parts.push(figure_of(figure).ok_or_else(|| {
            format!("holds `{{{figure}}}`; expected `{{epoch}}`, `{{epoch:03}}`, `{{loss}}` or `{{loss:.4}}`")
        })?);
        rest = after;
    }
    parts.push(Part::Text(rest));
    Ok(parts)
}

fn figure_of(figure: &str) -> Option<Part<'static>> {
    let digits = |text: &str| text.parse::<usize>().ok().filter(|digits| *digits <= 20);
    match figure.split_once(':').unwrap_or((figure, "")) {
        ("epoch", "") => Some(Part::Epoch(0)),
        ("epoch", width) => Some(Part::Epoch(digits(width)?)),
        ("loss", "") => Some(Part::Loss(None)),
        ("loss", precision) => Some(Part::Loss(Some(digits(precision.strip_prefix('.')?)?))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_with_epoch_and_loss() {
        assert_eq!(
            fill("weights_epoch_{epoch:03}_loss_{loss:.4}", 7, 1.10864),
            "weights_epoch_007_loss_1.1086"
        );
        assert_eq!(fill("{epoch}-{loss}", 12, 0.5), "12-0.5");
    }

    #[test]
    fn a_bad_template_says_what_is_expected() {
        let problems: Vec<_> = [
            "best",
            "a{epoch",
            "a{epoch}{acc}",
            "a{epoch:x}",
            "../{epoch}",
            "w{epoch}",
            "state{epoch}",
            "last{epoch}",
            "State-{epoch}",
            "state{loss}{epoch}",
        ]
        .iter()
        .map(|template| problem(template).unwrap_or_else(|| "good".to_owned()))
        .collect();
        insta::assert_snapshot!(problems.join("\n"), @r"
        the weights' name `best` lacks the epoch; add `{epoch:03}`
        the weights' name `a{epoch` has a `{` without a `}`
        the weights' name `a{epoch}{acc}` holds `{acc}`; expected `{epoch}`, `{epoch:03}`, `{loss}` or `{loss:.4}`
        the weights' name `a{epoch:x}` holds `{epoch:x}`; expected `{epoch}`, `{epoch:03}`, `{loss}` or `{loss:.4}`
        the weights' name `../{epoch}` is no plain file name; expected one like `weights_epoch_{epoch:03}`
        good
        good
        good
        the weights' name `State-{epoch}` can be that of a state, `state-STEP`; choose one like `weights_epoch_{epoch:03}`
        the weights' name `state{loss}{epoch}` can be that of a state, `state-STEP`; choose one like `weights_epoch_{epoch:03}`
        ");
    }
}
