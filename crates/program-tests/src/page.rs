//! What every page of a server owes its readers.

/// Asserts that a document of a browser shows no problem, that each of its fields has a label, and that it refers to
/// nothing outside.
pub fn assert_readable(document: &str) {
    assert!(
        document.contains("id=\"problem\" role=\"alert\" hidden"),
        "the page shows a problem:\n{document}"
    );
    assert!(document.contains("<html lang=\"en\">") && document.contains("name=\"viewport\""));
    for tag in ["<input", "<textarea", "<select"] {
        for (at, _) in document.match_indices(tag) {
            let before = &document[..at];
            let opened = before.matches("<label").count();
            assert!(
                opened > before.matches("</label").count(),
                "no label: {}",
                &document[at..(at + 80).min(document.len())]
            );
        }
    }
    for outside in ["http:", "https:", "url(//"] {
        for (at, _) in document.match_indices(outside) {
            let address = &document[at..(at + 40).min(document.len())];
            assert!(address.starts_with("http://www.w3.org/"), "the page refers to {address}");
        }
    }
}
