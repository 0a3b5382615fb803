//! The page that people see: one document that holds its own style and script.

/// A page: what a task shows, within what all pages share.
///
/// Its script finds `Recurrent` defined, with which it asks its questions; who answers them is another matter: see [`Answers`].
///
/// | | |
/// |---|---|
/// | `at(id)` | the element of this id |
/// | `models(chosen)` | fills the choice `model`, tells `about` of it, and calls `chosen` with the model that is chosen, now and later |
/// | `ask(model, verb, question, signal)` | the answer, as a promise |
/// | `stream(model, verb, question, signal, each)` | the same; parts of it go to `each` as they come |
/// | `attempt(work)` | does something that may fail, and says so in `problem` if it does |
/// | `prefill()` | fills fields by what a link sets, such as `#prime=The&seed=7`; whether it sets any |
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// What the page is called.
    pub heading: &'static str,
    /// The style of its own parts.
    pub style: &'static str,
    /// What stands below the heading, as HTML.
    pub body: &'static str,
    /// Its script.
    pub script: &'static str,
}

/// Who answers the questions of a page.
#[derive(Clone, Copy, Debug)]
pub struct Answers<'a> {
    /// Scripts that add `models`, `ask` and `stream` to `Recurrent`, one after the other.
    pub scripts: &'a [&'a str],
    /// What stands below the page, as HTML.
    pub foot: &'a str,
    /// What stands in front of the scripts: elements that they read.
    pub elements: &'a str,
}

impl Page {
    /// The whole document, with `about` in place of what is said of a model until there is one.
    pub fn html(&self, about: &str, answers: &Answers<'_>) -> String {
        let Self { heading, style, body, script } = self;
        let Answers { scripts, foot, elements } = answers;
        let (shared_style, shared_script) = (include_str!("page/shared.css"), include_str!("page/shared.js"));
        let scripts = scripts.concat();
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n\
             <title>{heading}</title>\n<style>\n{shared_style}{style}</style>\n</head>\n<body>\n<header>\n\
             <h1>{heading}</h1>\n<p id=\"about\" class=\"quiet\">{about}</p>\n</header>\n<main>\n{body}</main>\n\
             <p id=\"problem\" role=\"alert\" hidden></p>\n<footer class=\"quiet\">\n<p id=\"weights\"></p>\n\
             {foot}</footer>\n{elements}<script>\n{shared_script}{scripts}{script}</script>\n</body>\n</html>\n"
        )
    }
}
