//! The page that people see: one document that holds its own style and script, and needs nothing but this server.

/// A page: what a task shows, within what all pages share.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// What the page is called.
    pub heading: &'static str,
    /// The style of its own parts.
    pub style: &'static str,
    /// What stands below the heading, as HTML.
    pub body: &'static str,
    /// Its script, which finds `Recurrent` defined: see `page/shared.js`.
    pub script: &'static str,
}

impl Page {
    /// The whole document.
    pub(crate) fn html(&self, title: &str) -> String {
        let Self { heading, style, body, script } = self;
        let (shared_style, shared_script) = (include_str!("page/shared.css"), include_str!("page/shared.js"));
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n\
             <title>{heading}</title>\n<style>\n{shared_style}{style}</style>\n</head>\n<body>\n<header>\n\
             <h1>{heading}</h1>\n<p id=\"about\" class=\"quiet\">{title}</p>\n</header>\n<main>\n{body}</main>\n\
             <p id=\"problem\" role=\"alert\" hidden></p>\n<footer class=\"quiet\">\n<p id=\"weights\"></p>\n\
             <p><a href=\"/openapi.json\">interface</a> <a href=\"/metrics\">figures</a></p>\n</footer>\n\
             <script>\n{shared_script}{script}</script>\n</body>\n</html>\n"
        )
    }
}
