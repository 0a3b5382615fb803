//! Names of which only the end is given.

use crate::{error::Problem, stored::Tensors};

/// What stands before an ending in the names of tensors: nothing, or something that ends in a dot.
pub(crate) fn before<'a>(tensors: &'a Tensors, ending: &'a str) -> impl Iterator<Item = String> + 'a {
    let prefixes = tensors.keys().filter_map(move |name| name.strip_suffix(ending));
    prefixes.filter(|prefix| prefix.is_empty() || prefix.ends_with('.')).map(str::to_owned)
}

/// The one prefix that a name means: itself, or else the only one that ends with it; the empty name means the only one.
pub(crate) fn prefix(
    prefixes: impl Iterator<Item = String>,
    name: &str,
    kind: &'static str,
) -> Result<String, Problem> {
    let all: Vec<_> = prefixes.map(|prefix| prefix.trim_end_matches('.').to_owned()).collect();
    let found = one(&all, name, '.', kind)?;
    Ok(if all[found].is_empty() { String::new() } else { format!("{}.", all[found]) })
}

/// The place of the one path that a name means.
pub(crate) fn one(
    paths: &[String],
    name: &str,
    separator: char,
    kind: &'static str,
) -> Result<usize, Problem> {
    if let Some(exact) = paths.iter().position(|path| path == name) {
        return Ok(exact);
    }
    let ending = format!("{separator}{name}");
    let fits = |path: &String| name.is_empty() || path.ends_with(&ending);
    let found: Vec<_> = (0..paths.len()).filter(|place| fits(&paths[*place])).collect();
    let of = |places: &[usize]| places.iter().map(|place| paths[*place].clone()).collect();
    match found[..] {
        [one] => Ok(one),
        [] => Err(Problem::Missing { kind, name: name.to_owned(), found: paths.to_vec() }),
        _ => Err(Problem::Ambiguous { kind, name: name.to_owned(), found: of(&found) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_whole_or_the_only_one_that_ends_so() {
        let paths: Vec<_> = ["a.lstm", "b.lstm", "lstm", "a.gru"].map(String::from).into();
        assert_eq!(one(&paths, "lstm", '.', "layer"), Ok(2));
        assert_eq!(one(&paths, "gru", '.', "layer"), Ok(3));
        let ambiguous = one(&paths[..2], "lstm", '.', "layer").unwrap_err();
        assert!(matches!(ambiguous, Problem::Ambiguous { found, .. } if found == ["a.lstm", "b.lstm"]));
        assert!(matches!(one(&paths, "ru", '.', "layer"), Err(Problem::Missing { .. })));
        assert!(matches!(one(&paths, "", '.', "layer"), Err(Problem::Ambiguous { .. })));
    }
}
