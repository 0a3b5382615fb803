//! Command lines as people write them: options before the word, and a path without the option that takes it.

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

/// The arguments with the word in front of its options: `--quiet train` as `train --quiet`.
pub(super) fn word_first(command: &Command, mut arguments: Vec<OsString>) -> Vec<OsString> {
    let mut place = 1;
    while let Some(argument) = arguments.get(place) {
        if command.find_subcommand(argument).is_some() {
            let word = arguments.remove(place);
            arguments.insert(1, word);
            break;
        }
        let Some(option) = argument.to_str().and_then(|text| text.strip_prefix('-')) else { break };
        if option == "-" {
            break;
        }
        let next = arguments.get(place + 1).and_then(|next| next.to_str());
        place += if next.is_some_and(|next| takes(command, option, next)) { 2 } else { 1 };
    }
    arguments
}

/// Whether an option, here without its first dash, takes the argument after it for its value. One that may go without takes no word.
fn takes(command: &Command, option: &str, next: &str) -> bool {
    let is_named = |argument: &&Arg| match option.strip_prefix('-') {
        Some(long) => argument.get_long() == Some(long),
        None => argument.get_short().is_some_and(|short| option.chars().eq([short])),
    };
    let mut all = command.get_arguments().chain(command.get_subcommands().flat_map(Command::get_arguments));
    all.find(is_named).is_some_and(|found| {
        let has_one = found.get_num_args().is_none_or(|values| values.min_values() > 0);
        let may_be = !next.starts_with('-') && command.find_subcommand(next).is_none();
        found.get_action().takes_values() && (has_one || may_be)
    })
}

/// The error with the option that takes a path, where a path stands alone.
pub(super) fn explained(mut error: Error, command: &Command, arguments: &[OsString]) -> Error {
    let kind = match error.kind() {
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        _ => return error,
    };
    let Some(ContextValue::String(found)) = error.get(kind) else { return error };
    let word = arguments.get(1).and_then(|word| command.find_subcommand(word));
    let has = |name: &&str| word.unwrap_or(command).get_arguments().any(|it| it.get_long() == Some(*name));
    let given = || arguments.iter().filter_map(|it| it.to_str()?.strip_prefix("--")?.split('=').next());
    let is_given = |name: &&str| given().any(|given| given == *name);
    let option = ["file", "data", "run"].into_iter().find(|name| has(name) && !is_given(name));
    let is_number = found.parse::<f64>().is_ok();
    let looks_so = found.contains(['.', '/', '\\']) || Path::new(found).exists();
    let is_path = !is_number && !found.starts_with('-') && looks_so;
    if let Some(option) = option.filter(|_| is_path) {
        let tip = format!("for a file or folder, write `--{option} {found}`");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
        error.remove(ContextKind::SuggestedSubcommand);
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ArgAction;
    use std::ffi::OsStr;

    fn command() -> Command {
        let option = |name: &'static str| Arg::new(name).long(name);
        let flag = |name| option(name).action(ArgAction::SetTrue);
        Command::new("program")
            .args([option("data"), flag("quiet"), option("seed").short('s')])
            .subcommand(Command::new("train").args([option("data"), flag("quiet")]))
            .subcommand(Command::new("judge").args([
                option("file"),
                flag("quiet"),
                option("page").num_args(0..=1),
            ]))
    }

    #[test]
    fn a_word_may_stand_behind_its_options() {
        for (given, expected) in [
            ("p --quiet train", "p train --quiet"),
            ("p --data x train --quiet", "p train --data x --quiet"),
            ("p -s 3 --data=x train", "p train -s 3 --data=x"),
            ("p --page judge --file x", "p judge --page --file x"),
            ("p --page out --file x judge", "p judge --page out --file x"),
            ("p train --data judge", "p train --data judge"),
            ("p --data train", "p --data train"),
            ("p --data train judge", "p judge --data train"),
            ("p novel.txt train", "p novel.txt train"),
            ("p -- train", "p -- train"),
            ("p", "p"),
        ] {
            let given = given.split(' ').map(OsString::from).collect();
            let found = word_first(&command(), given).join(OsStr::new(" "));
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_path_alone_is_told_its_option() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("novel.txt");
        std::fs::write(&file, "x").unwrap();
        let path = file.to_str().unwrap();
        for (arguments, option) in [
            (vec!["p", path], Some("--data")),
            (vec!["p", "train", path], Some("--data")),
            (vec!["p", "judge", path], Some("--file")),
            (vec!["p", "train", "--nonsense"], None),
            (vec!["p", "no-such-file.txt"], Some("--data")),
            (vec!["p", "trian"], None),
            (vec!["p", "judge", "0.5"], None),
            (vec!["p", "judge", "--file", "x.txt", "y.txt"], None),
            (vec!["p", "judge", "--file=x.txt", "y.txt"], None),
        ] {
            let arguments: Vec<OsString> = arguments.into_iter().map(OsString::from).collect();
            let error = command().try_get_matches_from(&arguments).unwrap_err();
            let words = explained(error, &command(), &arguments).to_string();
            let path = arguments.last().unwrap().to_str().unwrap();
            match option {
                Some(option) => assert!(words.contains(&format!("write `{option} {path}`")), "{words}"),
                None => assert!(!words.contains("for a file or folder"), "{words}"),
            }
        }
    }
}
