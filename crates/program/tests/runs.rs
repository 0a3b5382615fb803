//! What a run is bound to, where it goes, and how long its learning rate falls.

use std::path::Path;

use recurrent_backend::BackendKind;
use recurrent_program::flags::{DataSource, ScheduleKind};
use recurrent_program::{
    Origin, OriginError, Screen, Source, Trained, check_fraction, check_range, new_folder, write_charts,
    write_json, write_page,
};
use recurrent_report::{LineChart, Report, Section, Series};
use recurrent_train::{RunFolder, Schedule};

#[test]
fn a_source_is_what_was_asked_for_or_fetched_or_the_demo() {
    let folder = tempfile::tempdir().unwrap();
    let fetched = folder.path().join("prices.csv");
    assert_eq!(Source::choose(&[], &fetched).unwrap(), Source::Demo);
    std::fs::write(&fetched, "x").unwrap();
    assert_eq!(Source::choose(&[], &fetched).unwrap(), Source::Path(fetched.clone()));
    assert_eq!(Source::choose(&[DataSource::Demo], &fetched).unwrap(), Source::Demo);
    let named = Source::choose(&["other.csv".parse().unwrap()], &fetched).unwrap();
    assert!(named.paths()[0].is_absolute(), "a run finds its data from any folder");
    assert_eq!(named.name(), "other.csv");

    let of = |names: &[&str]| {
        Source::choose(&names.iter().map(|name| name.parse().unwrap()).collect::<Vec<_>>(), &fetched)
    };
    let both = of(&["b.csv", "a.csv"]).unwrap();
    assert_eq!((both.name().as_str(), both.paths().len()), ("b.csv and 1 more", 2));
    assert_eq!(both.paths()[1].file_name(), Some("a.csv".as_ref()));
    assert_eq!(both.only_path(), Err(OriginError::Several(2)));
    assert!(both.still_there().unwrap_err().to_string().contains("b.csv`, is no longer there"));
    assert!(!both.record("aa").is_demo());
    let kept = serde_json::to_string(&both).unwrap();
    assert_eq!(serde_json::from_str::<Source>(&kept).unwrap(), both);
    for alone in ["demo", "-"] {
        assert!(of(&["a.csv", alone]).unwrap_err().to_string().contains("stand for all data"));
    }
}

#[test]
fn a_run_keeps_its_backend_and_its_data() {
    let mut origin = Origin::new(None, Source::Demo);
    assert_eq!(origin.backend, BackendKind::Flex);
    assert_eq!(origin.keep_backend(None), Ok(()));
    assert_eq!(origin.keep_backend(Some(BackendKind::Flex)), Ok(()));
    assert!(origin.keep_backend(Some(BackendKind::NdArray)).is_err());
    assert_eq!(origin.keep_data("aaaaaaaaaa"), Ok(()));
    assert_eq!(origin.keep_data("aaaaaaaaaa"), Ok(()));
    let other = origin.keep_data("bbbbbbbbbb").unwrap_err();
    assert!(matches!(other, OriginError::OtherData { .. }));
    insta::assert_snapshot!(other, @"demo: not the data that the run began with: its SHA-256 is bbbbbbbb…, expected aaaaaaaa…; name the old data with `--data`, or start a new run");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gone.txt");
    let mut origin = Origin::new(None, Source::Path(file.clone()));
    assert!(origin.find_data(&[]).unwrap_err().to_string().contains("is no longer there"));
    origin.find_data(&[DataSource::Demo]).unwrap();
    assert_eq!(origin.source, Source::Demo);
}

#[test]
fn a_new_run_goes_where_it_is_asked_to() {
    assert_eq!(new_folder("text-rnn", Some(Path::new("here"))).unwrap(), Path::new("here"));
}

#[test]
fn settings_of_an_edited_file_are_named() {
    let file = Path::new("config.json");
    assert_eq!(check_range(file, "hidden", 5, 1..=5), Ok(()));
    insta::assert_snapshot!(check_range(file, "hidden", 0, 1..=5).unwrap_err(), @"config.json: `hidden` is 0, expected a whole number from 1 to 5; correct it, or start a new run");
    assert_eq!(check_fraction(file, "dropout", 0.0), Ok(()));
    for wrong in [1.0, -0.1, f64::NAN] {
        assert!(check_fraction(file, "dropout", wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_schedule_ends_with_the_run() {
    assert_eq!(ScheduleKind::Constant.over(100, 0), Schedule::Constant);
    assert_eq!(ScheduleKind::Constant.over(100, 7), Schedule::Warmup { steps: 7 });
    let cosine = ScheduleKind::Cosine.over(100, 7);
    assert_eq!((cosine.factor(7), cosine.factor(100)), (1.0, 0.0));
    // A run shorter than its warm-up still has a schedule that can be used.
    assert_eq!(ScheduleKind::Cosine.over(3, 100), Schedule::Cosine { warmup: 2, steps: 3, floor: 0.0 });
}

#[test]
fn a_model_file_needs_its_data_named_and_a_run_remembers_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.safetensors");
    std::fs::write(&file, "x").unwrap();
    let shipped = Trained::open("stock-gru", &file, &Screen::Quiet).unwrap().with_sha256(Some("aaaaaaaaaa"));
    assert!(shipped.folder().is_none());
    let unknown = shipped.data(&[]).unwrap_err();
    insta::assert_snapshot!(unknown, @"a model file does not say where its data is; name it with `--data`");
    assert_eq!(shipped.data(&[DataSource::Demo]).unwrap(), Source::Demo);
    assert!(shipped.began_with("aaaaaaaaaa") && !shipped.began_with("bbbbbbbbbb"));
    // Whatever data are named for a file, they are not its own.
    assert_eq!(shipped.keep_own_data(&[DataSource::Demo], "bbbbbbbbbb"), Ok(()));

    let mut origin = Origin::new(None, Source::Demo);
    origin.keep_data("aaaaaaaaaa").unwrap();
    let settings = serde_json::json!({ "origin": origin, "anything": "else" });
    let run = folder.path().join("run");
    drop(RunFolder::create(&run, "stock-gru", &settings).unwrap());
    let trained = Trained::open("stock-gru", &run, &Screen::Quiet).unwrap();
    assert_eq!(trained.data(&[]).unwrap(), Source::Demo);
    assert_eq!(trained.keep_own_data(&[], "aaaaaaaaaa"), Ok(()));
    assert!(matches!(trained.keep_own_data(&[], "bbbbbbbbbb"), Err(OriginError::OtherData { .. })));
    assert!(
        Trained::open("text-rnn", &run, &Screen::Quiet)
            .unwrap_err()
            .to_string()
            .contains("is a run of `stock-gru`")
    );
}

#[test]
fn charts_and_pages_are_left_in_files() {
    let folder = tempfile::tempdir().unwrap();
    let plots = folder.path().join("plots");
    let chart =
        LineChart::new("Loss", "epoch", "").series(Series::line("training", vec![(1.0, 0.5), (2.0, 0.25)]));
    write_charts(&plots, &[("loss", &chart)]).unwrap();
    assert!(std::fs::read_to_string(plots.join("loss.svg")).unwrap().starts_with("<svg"));
    let page = folder.path().join("report.html");
    write_page(&page, &Report::new("A run").section(Section::new("Result").chart(&chart, ""))).unwrap();
    assert!(std::fs::read_to_string(&page).unwrap().contains("<svg"));
    let summary = folder.path().join("summary.json");
    write_json(&summary, &[1, 2]).unwrap();
    assert_eq!(std::fs::read_to_string(&summary).unwrap(), "[\n  1,\n  2\n]\n");
}
