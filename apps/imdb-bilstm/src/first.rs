//! The networks that a run begins with, where another framework trained them: `--init-from`.

use recurrent_classifier::{Ensemble, Error, Foreign, ForeignFault, Reviews};
use recurrent_program::{Advised, Failure, Screen};

use crate::settings::Settings;

/// Reads the file that the settings name, which then have its sizes.
///
/// # Errors
/// It cannot be read, or is no classifier of LSTM layers in both directions.
pub(crate) fn read(settings: &mut Settings, screen: &Screen) -> Result<Option<Foreign>, Failure> {
    let Some(path) = &settings.init_from else { return Ok(None) };
    let foreign = Foreign::read(path, settings.init_vocabulary.as_deref()).map_err(|error| match &error {
        Error::Foreign { fault: ForeignFault::NoIndex | ForeignFault::Index(_), .. } => {
            Failure::from(Advised::new(error, "`--init-vocabulary FILE`"))
        }
        _ => error.into(),
    })?;
    screen.note(&format!("{}: {}", path.display(), foreign.found()));
    foreign.shape(&mut settings.model);
    Ok(Some(foreign))
}

/// The networks that begin with it.
///
/// # Errors
/// Its dense layer is of another shape than the networks'.
pub(crate) fn networks(
    foreign: Option<&Foreign>,
    settings: &Settings,
    reviews: &Reviews,
) -> Result<Option<Ensemble>, Failure> {
    let Some(foreign) = foreign else { return Ok(None) };
    let (of_classifier, device) = (settings.classifier(), settings.origin.backend.open()?.autodiff());
    let networks = Ensemble::new(&of_classifier, settings.train.seed, &device);
    let begun = foreign.begin(networks, &of_classifier, &reviews.data.vocabulary);
    begun.map(Some).map_err(|fault| {
        let file = settings.init_from.clone().unwrap_or_default();
        Advised::new(
            Error::Foreign { file, fault },
            "`--pooling last`, as Keras's layers give the last output",
        )
        .into()
    })
}
