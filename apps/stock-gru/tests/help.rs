//! What `--help` prints for each word, at 100 columns.

use clap::{CommandFactory, Parser};
use stock_gru::flags::Flags;

fn help(words: &[&str]) -> String {
    program_tests::help(Flags::command(), words)
}

#[test]
fn without_a_word() {
    insta::assert_snapshot!(help(&[]), @r#"
Forecasts prices, and how far they will move, with GRU networks. Without a command: trains both,
judges them against honest baselines, draws the plots and writes report.html, all into one run
folder.

Usage: stock-gru [OPTIONS]
       stock-gru <COMMAND> [OPTIONS]

Commands:
  train     Train a model and write the run; no plots, no report
  evaluate  Judge a run's model against the baselines, on any price file
  forecast  Forecast the days, or hours, weeks, months, after the data ends, with an interval
  backtest  Forecast every day from those before it, with all models fitted anew at fixed dates
  choose    Try settings of the preset `risk` on the years before the test part
  plot      Draw a run's plots again
  serve     Forecast for others over HTTP, with a page to try it on
  export    Write a run's model for ONNX Runtime, PyTorch or Keras, or as a page
  compare   Put runs side by side on one page: curves, settings that differ, figures

Options:
  -h, --help     Print help
  -V, --version  Print version

Run:
      --preset <NAME>  best: price and risk, chapter: price, risk: how far it moves; settings that
                       other options override [default: best]
      --run <DIR>      Folder to write, new or empty [default: a new one under runs/]
      --resume <DIR>   Run to go on with; of its settings, only --epochs and --max-steps may change

Data:
      --data <PATH|demo>         Data, or `demo` for generated data [default: datasets/, else demo]
      --column <NAME>            Price column to forecast [default: Close]
      --features <LIST>          Further columns to read, of open,high,low,volume [default: none]
      --train-fraction <X>       Share of the windows, the earliest, to train on [default: 0.7]
      --validation-fraction <X>  Share of those, the latest, held out to choose the best epoch by
                                 [default: 0]
      --calendar-inputs          Read the weekday of each next day, and whether it ends its month
      --date-column <NAME>       Column of dates [default: the one with a usual name]
      --date-format <FORM>       Form of the dates, as %d/%m/%Y [default: the one that fits every
                                 row]
      --ticker <NAME>            The one to read of several tickers in a table
      --calendar <NAME>          Holidays: nyse, lse, xetra, euronext, usual or none [default: those
                                 that the prices keep]
      --events <FILE>            Table of dates and kinds of events that are known beforehand, to
                                 read beside the prices; of a trained model, other dates of the same
                                 kinds

Training:
      --seed <N>           Seed; the same seed gives the same result [default: 42]
      --epochs <N>         Most epochs to train
      --max-steps <N>      Stop after this many training steps in all
      --batch-size <N>     Samples in a batch
      --shards <N>         Cut each batch into N parts that are computed one by one, in less memory
                           [default: 1]
      --histograms <N>     Record how weights and gradients are spread after every N steps, for
                           TensorBoard
      --optimizer <NAME>   rmsprop, keras-rmsprop, adam or adamw
      --learning-rate <X>  Learning rate
      --schedule <NAME>    constant, or cosine: the learning rate falls to nothing by the last epoch
      --warmup <N>         Let the learning rate grow over the first N steps; 0: begin with all of
                           it
      --weight-decay <X>   AdamW's weight decay
      --rho <X>            Share of RMSprop's running mean kept at each step
      --epsilon <X>        Added to the optimiser's divisor
      --clip-norm <X>      Scale gradients down to at most this norm
      --patience <N>       Stop after so many epochs without a better loss

Model:
      --window <N>             Steps in a window: days, or what the rows are apart [default: 10,
                               risk: 22]
      --hidden <N>             Units of each GRU layer [best and risk: 4, chapter: 256]
      --layers <N>             GRU layers [default: 1]
      --reset <before|after>   Reset gate before or after the recurrent product [best: after,
                               chapter: before]
      --dropout <X>            Share of each layer's inputs dropped while training [default: 0]
      --output <price|growth>  Forecast the scaled price itself, or its growth from today's [best:
                               growth, chapter: price]
      --ahead <N>              Next days with an output of their own, beside the way that feeds each
                               forecast back [default: 1]
      --members <N>            Networks that forecast risk together, which differ in their first
                               weights [risk: 8]

Machine:
      --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
      --threads <N>     Threads; results do not depend on it [default: one per processor]

Output:
      --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
      --quiet               Print results and errors only, no progress

Examples:
  stock-gru                                            train, judge, plot and report
  stock-gru --preset chapter --seed 3 --run runs/3     the chapter's settings, another seed
  stock-gru --preset risk --data prices.csv            how far other prices will move
  stock-gru --preset risk --data a.csv --data b.csv    one network for the risk of several prices
  stock-gru --data prices.csv --window 20 --hidden 64  other prices, a smaller model
  stock-gru --resume runs/3                            go on with a run that was stopped
  stock-gru evaluate --run runs/3 --format json        its figures beside the baselines
  stock-gru backtest --refit year --run runs/back      every day from those before it
  stock-gru forecast --run runs/3 --days 10            the next ten days, with an interval
"#);
}

#[test]
fn train() {
    // The options are those without a word, which has a snapshot of its own.
    let options =
        |text: &str| text.split_once("Run:").unwrap().1.split("Examples:").next().unwrap().trim().to_owned();
    let text = help(&["train"]);
    assert_eq!(options(&text).replace("Print help", ""), options(&help(&[])).replace("Print help", ""));
    insta::assert_snapshot!(text.split("Run:").next().unwrap(), @r"
    Train a model and write the run; no plots, no report

    Usage: stock-gru train [OPTIONS]

    Options:
      -h, --help  Print help
    ");
}

#[test]
fn evaluate() {
    insta::assert_snapshot!(help(&["evaluate"]), @r#"
Judge a run's model against the baselines, on any price file

Usage: stock-gru evaluate [OPTIONS] --run <RUN>

Options:
  -h, --help  Print help

Run:
      --run <RUN>         Folder of the run, or its model.safetensors
      --data <PATH|demo>  Data, or `demo` for generated data [default: those of the run]

Data:
      --date-column <NAME>  Column of dates [default: the one with a usual name]
      --date-format <FORM>  Form of the dates, as %d/%m/%Y [default: the one that fits every row]
      --ticker <NAME>       The one to read of several tickers in a table
      --calendar <NAME>     Holidays: nyse, lse, xetra, euronext, usual or none [default: those that
                            the prices keep]
      --events <FILE>       Table of dates and kinds of events that are known beforehand, to read
                            beside the prices; of a trained model, other dates of the same kinds

Machine:
      --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
      --threads <N>     Threads; results do not depend on it [default: one per processor]

Output:
      --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
      --quiet               Print results and errors only, no progress

Intervals:
      --intervals <NAME>  Bounds by a model of risk: model: of its own residuals; conformal or
                          adaptive: of how far it was off on days that it did not learn from
                          [default: model]

Example:
  stock-gru evaluate --run runs/3 --data prices.csv
"#);
}

#[test]
fn forecast() {
    insta::assert_snapshot!(help(&["forecast"]), @r#"
Forecast the days, or hours, weeks, months, after the data ends, with an interval

Usage: stock-gru forecast [OPTIONS] --run <RUN>

Options:
  -h, --help  Print help

Run:
      --run <RUN>         Folder of the run, or its model.safetensors
      --data <PATH|demo>  Data, or `demo` for generated data [default: those of the run]

Data:
      --date-column <NAME>  Column of dates [default: the one with a usual name]
      --date-format <FORM>  Form of the dates, as %d/%m/%Y [default: the one that fits every row]
      --ticker <NAME>       The one to read of several tickers in a table
      --calendar <NAME>     Holidays: nyse, lse, xetra, euronext, usual or none [default: those that
                            the prices keep]
      --events <FILE>       Table of dates and kinds of events that are known beforehand, to read
                            beside the prices; of a trained model, other dates of the same kinds

Forecast:
      --days <N>      Steps to forecast: days, or what the rows are apart [default: 5]
      --level <X>     Probability that a day's interval is meant to hold its price [default: 0.9]
      --model <NAME>  Model of risk that the interval follows: network, ridge, har, har_leverage,
                      gjr, garch, ewma or random_walk [default: network]
      --way <NAME>    How days after the next are forecast: direct, where they have an output of
                      their own, or fed_back [default: the better one on the validation part, else
                      fed_back]

Intervals:
      --intervals <NAME>  Bounds by a model of risk: model: of its own residuals; conformal or
                          adaptive: of how far it was off on days that it did not learn from
                          [default: model]

Machine:
      --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
      --threads <N>     Threads; results do not depend on it [default: one per processor]

Output:
      --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
      --quiet               Print results and errors only, no progress

Example:
  stock-gru forecast --run runs/3 --days 10 --level 0.8
"#);
}

#[test]
fn plot() {
    insta::assert_snapshot!(help(&["plot"]), @r#"
Draw a run's plots again

Usage: stock-gru plot [OPTIONS] --run <RUN>

Options:
  -h, --help  Print help

Run:
      --run <RUN>         Folder of the run, or its model.safetensors
      --data <PATH|demo>  Data, or `demo` for generated data [default: those of the run]

Data:
      --date-column <NAME>  Column of dates [default: the one with a usual name]
      --date-format <FORM>  Form of the dates, as %d/%m/%Y [default: the one that fits every row]
      --ticker <NAME>       The one to read of several tickers in a table
      --calendar <NAME>     Holidays: nyse, lse, xetra, euronext, usual or none [default: those that
                            the prices keep]
      --events <FILE>       Table of dates and kinds of events that are known beforehand, to read
                            beside the prices; of a trained model, other dates of the same kinds

Machine:
      --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
      --threads <N>     Threads; results do not depend on it [default: one per processor]

Output:
      --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
      --quiet               Print results and errors only, no progress

Example:
  stock-gru plot --run runs/3
"#);
}

#[test]
fn the_short_help_is_the_long_one() {
    let short = Flags::try_parse_from(["stock-gru", "-h"]).unwrap_err().to_string();
    let long = Flags::try_parse_from(["stock-gru", "--help"]).unwrap_err().to_string();
    assert_eq!(short, long);
}

#[test]
fn clap_finds_no_fault_in_the_command_line() {
    Flags::command().debug_assert();
}

#[test]
fn export() {
    insta::assert_snapshot!(help(&["export"]), @r"
Write a run's model for ONNX Runtime, PyTorch or Keras, or as a page

Usage: stock-gru export [OPTIONS] --run <RUN> --to <FILE>

Options:
  -h, --help  Print help

Run:
      --run <RUN>  Folder of the run, or its model.safetensors

File:
      --to <FILE>       File to write: NAME.onnx for ONNX Runtime, NAME.safetensors for PyTorch or
                        Keras, NAME.html for a page that needs no server
      --names <NAME>    Whose names the weights of a .safetensors file have: pytorch or keras
                        [default: pytorch]
      --runtime <PATH>  npm package onnxruntime-web, packed or unpacked, for a page [default:
                        datasets/onnxruntime-web.tgz]

Machine:
      --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
      --threads <N>     Threads; results do not depend on it [default: one per processor]

Output:
      --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
      --quiet               Print results and errors only, no progress

Examples:
  stock-gru export --run runs/3 --to prices.onnx
  stock-gru export --run runs/3 --to prices.safetensors --names keras
  stock-gru export --run runs/3 --to prices.html
");
}

#[test]
fn compare() {
    insta::assert_snapshot!(help(&["compare"]), @r"
    Put runs side by side on one page: curves, settings that differ, figures

    Usage: stock-gru compare [OPTIONS] --run <DIR>...

    Options:
      -h, --help  Print help

    Run:
          --run <DIR>...  Folders of runs; one that cannot be read is told and left out

    Output:
          --to <FILE>           Page to write [default: compare.html]
          --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
          --quiet               Print results and errors only, no progress

    Machine:
          --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
          --threads <N>     Threads; results do not depend on it [default: one per processor]

    Example:
      stock-gru compare --run runs/* --to compare.html
    ");
}
