//! What `--help` prints for each word, at 100 columns.

use clap::CommandFactory;
use text_rnn::flags::Flags;

fn help(words: &[&str]) -> String {
    program_tests::help(Flags::command(), words)
}

#[test]
fn without_a_word() {
    insta::assert_snapshot!(help(&[]), @r#"
    Learns a text by characters, words or subwords with a recurrent network, and writes on. Without a
    command: trains a model, judges it on held-out text and writes report.html, all into one run folder.

    Usage: text-rnn [OPTIONS]
           text-rnn <COMMAND> [OPTIONS]

    Commands:
      train      Train a model and write the run; no report
      evaluate   Judge a run's model on any text, in nats and bits per character
      generate   Write text with a run's model
      gradients  Show how gradients fade through time in vanilla, LSTM and GRU layers
      serve      Write text for others over HTTP, with a page to try it on
      export     Write a run's model for ONNX Runtime, PyTorch or Keras, or as a page
      compare    Put runs side by side on one page: curves, settings that differ, figures

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Run:
          --preset <NAME>           small, best, chapter-vanilla or chapter-lstm: settings that other
                                    options override [default: small]
          --init-from <RUN>         Begin with the weights of a run, or of a file of PyTorch, Keras or
                                    ONNX; characters new to it are added
          --init-vocabulary <FILE>  Characters of such a file, as JSON: ["a", "b"] or {"a": 0, "b": 1}
                                    [default: what the file says, or vocabulary.json beside it]
          --run <DIR>               Folder to write, new or empty [default: a new one under runs/]
          --resume <DIR>            Run to go on with; of its settings, only --epochs and --max-steps
                                    may change

    Data:
          --data <PATH|demo>         Data, or `demo` for generated data [default: datasets/, else demo]
          --encoding <NAME>          Encoding of the text, such as windows-1252 [default: utf-8, or what
                                     a byte-order mark says]
          --include <GLOB>           Read such files of a folder alone, as *.md; may be given again
          --exclude <GLOB>           Leave such files of a folder out; may be given again
          --case <keep|lower>        Keep capital letters, or make them small
          --tokens <NAME>            What the text is read in: characters, words or subwords (byte-pair
                                     encoding)
          --vocabulary-size <N>      Words or subwords that the model knows, characters among them
                                     [default: 4000 words, 2000 subwords, or as many as the text has]
          --validation-fraction <X>  Share of the text held out to choose the best epoch by
          --test-fraction <X>        Share of the text, its end, held out to judge on
          --feed <windows|streams>   Shuffled windows, or streams whose state is carried from batch to
                                     batch
          --window <N>               Characters, words or subwords that a row of a batch reads
          --restarts <X>             Share of rows that begin anew, from an empty state, at each step of
                                     streams

    Training:
          --seed <N>           Seed; the same seed gives the same result [default: 42]
          --epochs <N>         Most epochs to train
          --max-steps <N>      Stop after this many training steps in all
          --batch-size <N>     Samples in a batch
          --shards <N>         Cut each batch into N parts that are computed one by one, in less memory
                               [default: 1]
          --histograms <N>     Record how weights and gradients are spread after every N steps, for
                               TensorBoard
          --loss <plain|cut>   Training loss: the cross-entropy, or cut at probabilities of 1e-7, as in
                               Keras
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
          --cell <NAME>                 vanilla, lstm or gru
          --activation <relu|tanh>      Activation of vanilla cells
          --reset <before|after>        Reset gate of GRU cells before or after the recurrent product
          --hidden <N>                  Units of each layer
          --layers <N>                  Layers
          --dropout <X>                 Share of each layer's outputs dropped while training
          --recurrent-dropout <X>       Share of the state dropped from the recurrent product while
                                        training
          --weight-dropout <X>          Share of the recurrent weights dropped while training
          --zoneout <X>                 Share of units that keep their last output at each step of
                                        training (zoneout)
          --zoneout-memory <X>          The same for the memory of LSTM cells
          --normalization <none|layer>  Layer normalisation inside the cells, or none

    Samples:
          --sample-every <N>        Write a sample after every so many epochs; 0: never
          --sample-every-steps <N>  Write a sample after every so many steps; 0: never
          --sample-length <N>       Characters of a sample

    Machine:
          --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
          --threads <N>     Threads; results do not depend on it [default: one per processor]

    Output:
          --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
          --quiet               Print results and errors only, no progress

    Presets:
      small            one LSTM layer: readable text within ten minutes on two cores (the default)
      best             two LSTM layers, regularised, text split 80/10/10: over an hour
      chapter-vanilla  the textbook chapter's vanilla network, 2 x 800 units: hours
      chapter-lstm     the chapter's LSTM network, 2 x 800 units: days

    Examples:
      text-rnn                                             train, judge and report
      text-rnn --data novel.txt --run runs/novel           a text, or a folder of texts
      text-rnn --cell gru --layers 2 --hidden 256          another network
      text-rnn --preset best --tokens subwords             read in pieces of words: a third of the steps
      text-rnn --resume runs/novel                         go on with a run that was stopped
      text-rnn train --init-from runs/novel --data code/   go on from its model on another text
      text-rnn generate --run runs/novel --length 500 --prime "The "
      text-rnn evaluate --run runs/novel --data other.txt  how well it predicts another text
      text-rnn gradients                                   the vanishing gradient, as figures and a plot
    "#);
}

#[test]
fn train_has_the_options_of_no_word() {
    let options =
        |text: &str| text.split_once("Run:").unwrap().1.split("Presets:").next().unwrap().trim().to_owned();
    assert_eq!(options(&help(&["train"])), options(&help(&[])));
}

#[test]
fn generate() {
    insta::assert_snapshot!(help(&["generate"]), @r#"
    Write text with a run's model

    Usage: text-rnn generate [OPTIONS] --run <RUN> --length <N>

    Options:
      -h, --help  Print help

    Run:
          --run <RUN>  Folder of the run, or its model.safetensors

    Text:
          --length <N>      Characters to write
          --prime <TEXT>    Text to go on with [default: none; the text starts as a new line does]
          --replace <CHAR>  Read this character in place of those of --prime that the model does not
                            know
          --stop <TEXT>     Stop a sample once it has written this
          --samples <N>     Texts to write, in one batch [default: 1]

    Choice:
          --strategy <greedy|sample>  The likeliest character each time, or one drawn by its probability
                                      [default: sample]
          --temperature <X>           Below 1 safer, above 1 wilder [default: 1]
          --top-k <N>                 Draw from the N likeliest characters, words or subwords alone
          --top-p <X>                 Draw from the fewest of them that have this much probability
                                      together
          --seed <N>                  Seed; the same seed writes the same text [default: 42]

    Machine:
          --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
          --threads <N>     Threads; results do not depend on it [default: one per processor]

    Output:
          --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
          --quiet               Print results and errors only, no progress

    Examples:
      text-rnn generate --run runs/novel --length 500 --prime "The " --temperature 0.7
      text-rnn generate --run runs/novel --length 200 --samples 4 --top-p 0.9 --seed 7
    "#);
}

#[test]
fn evaluate() {
    insta::assert_snapshot!(help(&["evaluate"]), @r"
    Judge a run's model on any text, in nats and bits per character

    Usage: text-rnn evaluate [OPTIONS] --run <RUN>

    Options:
      -h, --help  Print help

    Run:
          --run <RUN>         Folder of the run, or its model.safetensors
          --data <PATH|demo>  Data, or `demo` for generated data [default: those of the run]

    Evaluation:
          --encoding <NAME>        Encoding of the text, such as windows-1252 [default: utf-8, or what a
                                   byte-order mark says]
          --include <GLOB>         Read such files of a folder alone, as *.md; may be given again
          --exclude <GLOB>         Leave such files of a folder out; may be given again
          --per-character [<DIR>]  Write each character's log-probability, as characters.jsonl and as
                                   the page surprise.html, to DIR [default: surprise/ in the run's
                                   folder]
          --dynamic                Adapt the model to the text while reading it (dynamic evaluation,
                                   Krause et al. 2018)
          --dynamic-rate <X>       Learning rate of --dynamic [default: 0.05]
          --dynamic-decay <X>      Share of the way back to the run's weights that --dynamic goes at
                                   each update [default: 0.002]
          --replace <CHAR>         Read this character in place of those that the model does not know

    Machine:
          --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
          --threads <N>     Threads; results do not depend on it [default: one per processor]

    Output:
          --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
          --quiet               Print results and errors only, no progress

    Example:
      text-rnn evaluate --run runs/novel --per-character --data other.txt
    ");
}

#[test]
fn gradients() {
    insta::assert_snapshot!(help(&["gradients"]), @r"
    Show how gradients fade through time in vanilla, LSTM and GRU layers

    Usage: text-rnn gradients [OPTIONS]

    Options:
      -h, --help  Print help

    Model:
          --cells <LIST>            Cells to compare, of vanilla,lstm,gru [default: all three]
          --activation <relu|tanh>  Activation of vanilla cells [default: tanh]
          --hidden <N>              Units of the layer [default: 128]
          --steps <N>               Train each network for so many steps first [default: 0]
          --seed <N>                Seed of the first weights [default: 42]

    Data:
          --data <PATH|demo>  Text, or `demo` for generated text [default: datasets/, else demo]
          --encoding <NAME>   Encoding of the text, such as windows-1252 [default: utf-8, or what a
                              byte-order mark says]
          --include <GLOB>    Read such files of a folder alone, as *.md; may be given again
          --exclude <GLOB>    Leave such files of a folder out; may be given again
          --window <N>        Characters to look back over [default: 100]
          --batch-size <N>    Windows to take the mean over [default: 32]

    Output:
          --run <DIR>           Folder for gradients.csv and gradients.svg [default: a new one under
                                runs/]
          --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
          --quiet               Print results and errors only, no progress

    Machine:
          --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
          --threads <N>     Threads; results do not depend on it [default: one per processor]

    Example:
      text-rnn gradients --cells vanilla,lstm --window 200
    ");
}

#[test]
fn export() {
    insta::assert_snapshot!(help(&["export"]), @r"
    Write a run's model for ONNX Runtime, PyTorch or Keras, or as a page

    Usage: text-rnn export [OPTIONS] --run <RUN> --to <FILE>

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
      text-rnn export --run runs/novel --to novel.onnx
      text-rnn export --run runs/novel --to novel.safetensors --names keras
      text-rnn export --run runs/novel --to novel.html
    ");
}

#[cfg(feature = "serve")]
#[test]
fn serve() {
    insta::assert_snapshot!(help(&["serve"]), @r"
    Write text for others over HTTP, with a page to try it on

    Usage: text-rnn serve [OPTIONS] --run <RUN>...

    Options:
      -h, --help  Print help

    Run:
          --run <RUN>...  Folders of runs, or their model.safetensors; each model is called as its run's
                          folder

    Server:
          --host <ADDRESS>  Address to listen on; beyond this machine whoever reaches it may ask, so
                            give a --token [default: 127.0.0.1]
          --port <N>        Port to listen on; 0 takes one that is free [default: 8080]
          --token <TOKEN>   What clients have to send as `Authorization: Bearer TOKEN` [default:
                            nothing]

    Machine:
          --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
          --threads <N>     Threads; results do not depend on it [default: one per processor]

    Output:
          --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
          --quiet               Print results and errors only, no progress

    Example:
      text-rnn serve --run runs/novel runs/poems --port 8000
    ");
}

#[test]
fn compare() {
    insta::assert_snapshot!(help(&["compare"]), @r"
    Put runs side by side on one page: curves, settings that differ, figures

    Usage: text-rnn compare [OPTIONS] --run <DIR>...

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
      text-rnn compare --run runs/* --to compare.html
    ");
}
