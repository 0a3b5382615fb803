//! Forecasts daily prices with a GRU: trains, judges against honest baselines, and reports.

use std::process::ExitCode;

use recurrent_program::{Extent, Failure, Screen, compare, flags::parse, launch, stop_on_ctrl_c, together};
use recurrent_train::Stopped;
use stock_gru::backtest::backtest;
use stock_gru::evaluate::evaluate;
use stock_gru::export::export;
use stock_gru::flags::{Flags, Word};
use stock_gru::forecast::forecast;
use stock_gru::plot::plot;
use stock_gru::risk::choose::choose;
#[cfg(feature = "serve")]
use stock_gru::serve::serve;
use stock_gru::train::train;
use stock_gru::{LEARNT, PROGRAM};

/// It keeps what a training step frees for the next step.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let flags: Flags = parse();
    launch(flags.common(), |screen| run(&flags, screen))
}

/// Returns how a training ended.
fn run(flags: &Flags, screen: &Screen) -> Result<Option<Stopped>, Failure> {
    match &flags.word {
        None => together(|crew| train(&flags.whole, Extent::Report, crew, screen)).map(Some),
        Some(Word::Train(flags)) => together(|crew| train(flags, Extent::Summary, crew, screen)).map(Some),
        Some(Word::Evaluate(flags)) => evaluate(flags, screen).map(|()| None),
        Some(Word::Forecast(flags)) => forecast(flags, screen).map(|()| None),
        Some(Word::Backtest(flags)) => backtest(flags, &stop_on_ctrl_c()?, screen).map(Some),
        Some(Word::Choose(flags)) => choose(flags, screen).map(|()| None),
        Some(Word::Plot(flags)) => plot(flags, screen).map(|()| None),
        #[cfg(feature = "serve")]
        Some(Word::Serve(flags)) => serve(flags, screen).map(|()| None),
        Some(Word::Export(flags)) => export(flags, screen).map(|()| None),
        Some(Word::Compare(flags)) => compare(PROGRAM, LEARNT, flags, screen).map(|()| None),
    }
}
