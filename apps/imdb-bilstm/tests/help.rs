//! What `--help` prints for each word, at 100 columns.

use clap::CommandFactory;
use imdb_bilstm::flags::Flags;

fn help(words: &[&str]) -> String {
    program_tests::help(Flags::command(), words)
}

#[test]
fn the_command_line_is_sound() {
    Flags::command().debug_assert();
}

#[test]
fn what_a_run_has_settled_is_refused_beside_resume() {
    let mut command = Flags::command();
    command.build();
    let resume = command.get_arguments().find(|option| option.get_id() == "resume").unwrap();
    let allowed = command.get_arguments().filter(|option| {
        let conflicts = command.get_arg_conflicts_with(option);
        !conflicts.iter().any(|other| other.get_id() == "resume")
            && !command.get_arg_conflicts_with(resume).iter().any(|other| other.get_id() == option.get_id())
    });
    let allowed: Vec<_> = allowed.map(|option| option.get_id().as_str()).collect();
    // The columns are refused by the program itself: see `bad_input.rs`.
    let columns = ["text_column", "label_column", "encoding"];
    let expected = [
        "resume",
        "data",
        "epochs",
        "max_steps",
        "histograms",
        "backend",
        "threads",
        "format",
        "quiet",
        "help",
        "version",
    ];
    for option in &allowed {
        assert!(
            expected.contains(option) || columns.contains(option),
            "`{option}` has no meaning beside --resume"
        );
    }
    assert_eq!(allowed.len(), expected.len() + columns.len(), "{allowed:?}");
}

#[test]
fn without_a_word() {
    insta::assert_snapshot!(help(&[]), @r#"
    Learns from film reviews to tell praise from blame, with a bidirectional LSTM. Without a command:
    trains a model, judges it on the test reviews beside a linear baseline and writes report.html, all
    into one run folder.

    Usage: imdb-bilstm [OPTIONS]
           imdb-bilstm <COMMAND> [OPTIONS]

    Commands:
      train     Train a model and write the run; no report
      evaluate  Judge a run's model on any labelled reviews
      classify  Tell of reviews whether they praise, and which words say so
      serve     Classify texts for others over HTTP, with a page to try it on
      export    Write a run's model for ONNX Runtime, PyTorch or Keras, or as a page
      compare   Put runs side by side on one page: curves, settings that differ, figures

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Run:
          --preset <NAME>           best or chapter: settings that other options override [default:
                                    best]
          --init-from <FILE>        Begin with the weights of a classifier of PyTorch, Keras or ONNX: an
                                    embedding, LSTM or GRU layers, a dense layer
          --init-vocabulary <FILE>  Index of its words, as JSON: {"the": 1}, as Keras's
                                    imdb_word_index.json [default: what the file says]
          --run <DIR>               Folder to write, new or empty [default: a new one under runs/]
          --resume <DIR>            Run to go on with; of its settings, only --epochs and --max-steps
                                    may change

    Data:
          --data <PATH|demo>           Data, or `demo` for generated data [default: datasets/, else
                                       demo]
          --text-column <NAME>         Column of the texts in a table [default: the one that can be it]
          --label-column <NAME>        Column of the labels [default: the one that can be it]
          --encoding <NAME>            Encoding of the reviews, such as windows-1252 [default: utf-8]
          --positive <LIST>            Labels that are praise, such as 4,5; all others are blame
          --labels <KIND>              What labels are: classes, one a review; stars, which the archive
                                       has in its names; or several a review, listed in a cell or in
                                       columns of 0 and 1 [default: what they can only be]
          --tokens <words|characters>  What is read of a review: its words, as its language parts them,
                                       or its characters [default: words]
          --num-words <N>              Know the most frequent words, of indices below N
          --skip-top <N>               Leave out the most frequent words, of indices below N
          --length <N>                 Most indices read of a review
          --padding <pre|post>         Fill short reviews up at the front or at the back
          --truncating <pre|post>      Cut long reviews at the front or at the back
          --masking <padding|none>     Pass padding over, or read it as a word
          --bucket <N>                 Sort the reviews of N batches by length, so that less is padded;
                                       1: do not
          --validation-fraction <X>    Share of the training reviews held out to choose the best epoch
                                       by; 0: the test reviews choose
          --test-fraction <X>          Share of a table's reviews held out to judge on

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
          --embedding <N>           Features of a word
          --hidden <N>              Units of each direction of each layer
          --cell <lstm|gru>         Cell of the recurrent layers
          --directions <NAME>       Directions that they read in: both or forward
          --layers <N>              Recurrent layers
          --pooling <LIST>          What is made of the outputs over time, side by side: of
                                    last,max,mean
          --word-dropout <X>        Share of words dropped while training
          --embedding-dropout <X>   Share of the features of words dropped while training, anew at each
                                    word
          --input-dropout <X>       Share of the layers' inputs dropped while training, the same at all
                                    words of a review
          --recurrent-dropout <X>   Share of the state dropped from the recurrent product while training
          --weight-dropout <X>      Share of the recurrent weights dropped while training (Merity et al.
                                    2017)
          --dropout <X>             Share of the outputs dropped while training, between layers and
                                    before the dense layer
          --members <N>             Networks of an ensemble, which learn side by side and score together
          --teacher-epochs <N>      Train a teacher first, for N epochs on the labelled reviews, and
                                    learn from the labels that it gives to the others, too; 0: do not
          --stacking <none|nb-svm>  Score by the network alone, or together with NB-SVM, a linear
                                    classifier on word n-grams, weighed on the reviews held out (Wolpert
                                    1992)
          --adversarial <X>         Move the words of a review by this part of their norm to where the
                                    network errs most, while training (Miyato et al. 2017)

    Pre-training:
          --pretrain-epochs <N>         Train the first layer as a language model first, for N epochs
                                        over the reviews; 0: do not. Nothing is dropped then, and the
                                        options of training have no part in it
          --unlabelled                  Train the language model on the reviews without a label too;
                                        `best` has more units then
          --pretrain-batch-size <N>     Reviews in a batch of the language model's
          --pretrain-learning-rate <X>  Adam's learning rate for the language model, which falls along a
                                        cosine

    Machine:
          --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
          --threads <N>     Threads; results do not depend on it [default: one per processor]

    Output:
          --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
          --quiet               Print results and errors only, no progress

    Presets:
      best     two networks that begin as language models of the reviews, and NB-SVM beside them; more
               words, longer reviews, pooling over time, adversarial training; some training reviews are
               held out to choose the epoch by, the test reviews touched once (the default). On demo
               data a small network of seconds
      chapter  the textbook chapter's network and settings; the test reviews choose the epoch

    Examples:
      imdb-bilstm                                             train, judge and report
      imdb-bilstm --unlabelled                                learn from reviews without a label too
      imdb-bilstm --preset chapter --run runs/chapter         the chapter's network
      imdb-bilstm --data reviews.csv --text-column body       a table of texts and labels
      imdb-bilstm --data stars.csv --positive 4,5             stars, of which four and five are praise
      imdb-bilstm --data toxic.csv --labels several           any number of labels a text
      imdb-bilstm --resume runs/chapter                       go on with a run that was stopped
      imdb-bilstm classify --run runs/chapter "A dull film"   one review, and what moved its score
      imdb-bilstm classify --run runs/chapter --file new.txt  one review a line
      imdb-bilstm evaluate --run runs/chapter --data new.csv  how well it does on other reviews
    "#);
}

#[test]
fn train_has_the_options_of_no_word() {
    let options =
        |text: &str| text.split_once("Run:").unwrap().1.split("Presets:").next().unwrap().trim().to_owned();
    assert_eq!(options(&help(&["train"])), options(&help(&[])));
}

#[test]
fn classify() {
    insta::assert_snapshot!(help(&["classify"]), @r#"
    Tell of reviews whether they praise, and which words say so

    Usage: imdb-bilstm classify [OPTIONS] --run <RUN> <TEXT|--file <PATH>>

    Options:
      -h, --help  Print help

    Run:
          --run <RUN>  Folder of the run, or its model.safetensors

    Reviews:
          --file <PATH>         File of reviews: a table, JSON lines, or one a line
          --text-column <NAME>  Column of the texts in a table [default: the one that can be it]
          --encoding <NAME>     Encoding of the reviews, such as windows-1252 [default: utf-8]
          --explain             Show what each word did to the score, for files too (always done for
                                TEXT)
      [TEXT]                    A review; `-` reads reviews from standard input

    Machine:
          --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
          --threads <N>     Threads; results do not depend on it [default: one per processor]

    Output:
          --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
          --quiet               Print results and errors only, no progress

    Examples:
      imdb-bilstm classify --run runs/chapter "Not the best of his films."
      imdb-bilstm classify --run runs/chapter --file new.jsonl --format json
      cat new.txt | imdb-bilstm classify --run runs/chapter --explain -

    With --format json, each review is a line: an object with its `line`, `label`, `probability`
    (of being positive; of several classes that of the label, with all `probabilities`), or the
    `labels` that are said of it, the number of its `words`, how many are `known`, and, where asked
    for, an `explanation`, or `explanations` by label: how much lower the logit is without each word
    "#);
}

#[test]
fn evaluate() {
    insta::assert_snapshot!(help(&["evaluate"]), @r"
    Judge a run's model on any labelled reviews

    Usage: imdb-bilstm evaluate [OPTIONS] --run <RUN>

    Options:
      -h, --help  Print help

    Run:
          --run <RUN>         Folder of the run, or its model.safetensors
          --data <PATH|demo>  Data, or `demo` for generated data [default: those of the run]

    Data:
          --text-column <NAME>   Column of the texts in a table [default: the one that can be it]
          --label-column <NAME>  Column of the labels [default: the one that can be it]
          --encoding <NAME>      Encoding of the reviews, such as windows-1252 [default: utf-8]

    Machine:
          --backend <NAME>  flex, ndarray, wgpu or cuda, where this build has it [default: flex]
          --threads <N>     Threads; results do not depend on it [default: one per processor]

    Output:
          --format <text|json>  text, or json: one line, the summary, and nothing else [default: text]
          --quiet               Print results and errors only, no progress

    Example:
      imdb-bilstm evaluate --run runs/chapter --data other.csv --label-column good
    ");
}

#[test]
fn export() {
    insta::assert_snapshot!(help(&["export"]), @r"
    Write a run's model for ONNX Runtime, PyTorch or Keras, or as a page

    Usage: imdb-bilstm export [OPTIONS] --run <RUN> --to <FILE>

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
      imdb-bilstm export --run runs/chapter --to reviews.onnx
      imdb-bilstm export --run runs/chapter --to reviews.safetensors --names keras
      imdb-bilstm export --run runs/chapter --to reviews.html
    ");
}

#[test]
fn compare() {
    insta::assert_snapshot!(help(&["compare"]), @r"
    Put runs side by side on one page: curves, settings that differ, figures

    Usage: imdb-bilstm compare [OPTIONS] --run <DIR>...

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
      imdb-bilstm compare --run runs/* --to compare.html
    ");
}
