//! Which option mends what is wrong with reviews: the library that reads them knows no options.

use recurrent_data::reviews::{EntryFault, FileFault, NotText, ReviewError, RowFault, VocabularyFault};
use recurrent_program::{Advised, Failure};

/// The error with the options that help against it.
pub(crate) fn advised(error: ReviewError) -> Failure {
    match options(&error) {
        Some(options) => Advised::new(error, options).into(),
        None => error.into(),
    }
}

fn options(error: &ReviewError) -> Option<String> {
    match error {
        ReviewError::File { fault, .. } => of_file(fault),
        ReviewError::Row { fault: RowFault::Labels(_), .. } => Some("`--labels several`".to_owned()),
        ReviewError::Row { fault: RowFault::Flag { .. }, .. } => Some("`--label-column NAME`".to_owned()),
        ReviewError::Entry { fault: EntryFault::NotText(fault), .. } => encoding(fault),
        ReviewError::Vocabulary { fault: VocabularyFault::WholeReviews { .. }, .. } => {
            Some("`--tokens characters`".to_owned())
        }
        _ => None,
    }
}

fn of_file(fault: &FileFault) -> Option<String> {
    Some(match fault {
        FileFault::NotText(fault) => return encoding(fault),
        FileFault::UnknownColumn { role: "label", .. } => {
            "`--label-column NAME`, or `--labels several` where each label is a column of 0 and 1".to_owned()
        }
        FileFault::NoColumn { role, .. } | FileFault::UnknownColumn { role, .. } => {
            format!("`--{role}-column NAME`")
        }
        FileFault::TooManyLabels { .. }
        | FileFault::TooManyListed { .. }
        | FileFault::TooManyFlags { .. } => "`--label-column NAME`".to_owned(),
        FileFault::OneLabelEach => "`--labels stars`, or no `--labels`".to_owned(),
        FileFault::StarsOrClasses { positive, .. } => {
            let positive = positive.join(",");
            format!(
                "`--positive \"{positive}\"` for two classes, `--labels stars` or `--labels classes` for one each"
            )
        }
        FileFault::NoStars(_) => "`--labels classes`".to_owned(),
        FileFault::NoSuchLabel { .. } => "`--positive LIST` with labels that are there".to_owned(),
        _ => return None,
    })
}

fn encoding(fault: &NotText) -> Option<String> {
    Some(match fault.likely {
        Some(likely) => format!("`--encoding {}`", likely.name().to_lowercase()),
        None => "`--encoding NAME`".to_owned(),
    })
}
