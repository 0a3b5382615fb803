//! Charts are well-formed whatever they are given, show what they should, and stay small.

use proptest::prelude::*;
use recurrent_report::{LineChart, Series, Size, loss_curves};
use roxmltree::Document;

#[allow(dead_code)] // its main function
#[path = "../examples/forecast.rs"]
mod forecast;

const SIZES: [Size; 2] = [Size::Wide, Size::Narrow];

/// All letters of a drawing.
fn letters(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.filter_map(|node| node.text()).map(|text| text.trim().to_owned()).collect()
}

/// The points of the polylines of a class that are more than the key's two.
fn lines(svg: &str, class: &str) -> Vec<Vec<(f64, f64)>> {
    let document = Document::parse(svg).unwrap();
    let point = |text: &str| {
        let (x, y) = text.split_once(',').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    };
    let lines = document
        .descendants()
        .filter(|node| node.has_tag_name("polyline") && node.attribute("class") == Some(class))
        .map(|node| node.attribute("points").unwrap().split_whitespace().map(point).collect::<Vec<_>>());
    lines.filter(|points| points.len() > 2).collect()
}

#[test]
fn loss_curves_show_both_losses_and_the_best_epoch() {
    let training: Vec<_> = (1..=300).map(|n| 1.0 / f64::from(n)).collect();
    let validation: Vec<_> = training.iter().map(|loss| loss / 2.0).collect();
    let svg = loss_curves(&training, &validation, Some(242), "mean squared error").svg(Size::Wide).unwrap();
    let letters = letters(&svg);
    for text in ["Loss by epoch", "training", "validation", "best: epoch 242", "epoch", "300", "0.01"] {
        assert!(letters.iter().any(|letter| letter == text), "{text:?} is missing from {letters:?}");
    }
    // The losses fall, and y grows downwards.
    let line = &lines(&svg, "line-series-1")[0];
    assert_eq!(line.len(), 300);
    assert!(line.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1));
}

#[test]
fn the_drawing_is_described_and_scales() {
    let chart = LineChart::new("Loss <&>", "epoch", "error")
        .series(Series::line("a \"b\"", vec![(0.0, 1.0), (1.0, 2.0)]));
    let svg = chart.svg(Size::Wide).unwrap();
    let document = Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    assert_eq!(root.attribute("aria-label"), Some("Line chart: Loss <&>. error by epoch, series: a \"b\""));
    assert_eq!(root.first_element_child().unwrap().text(), Some("Loss <&>"));
    assert_eq!((root.attribute("width"), root.attribute("viewBox")), (Some("900"), Some("0 0 9000 4200")));
    // No false colour is left: all have become classes with a colour for white.
    assert!(!svg.contains("\"#0000"), "{svg}");
}

#[test]
fn a_long_series_is_thinned_and_keeps_its_peak() {
    let points: Vec<_> =
        (0..100_000).map(|n| (f64::from(n), if n == 54_321 { 9.0 } else { f64::from(n % 2) })).collect();
    let svg = LineChart::new("", "", "").series(Series::line("long", points)).svg(Size::Wide).unwrap();
    let line = &lines(&svg, "line-series-1")[0];
    assert!(line.len() <= 3000, "{} points", line.len());
    assert_eq!(line.iter().filter(|(_, y)| *y < 1000.0).count(), 1, "one peak");
}

#[test]
fn a_chart_without_points_says_so() {
    let nothing = [
        LineChart::new("Empty", "x", "y"),
        LineChart::new("Empty", "x", "y").series(Series::line("none", vec![])).mark(3.0, "mark"),
        LineChart::new("Empty", "x", "y")
            .series(Series::points("not numbers", vec![(f64::NAN, 1.0), (1.0, f64::INFINITY)])),
        LineChart::new("Empty", "x", "y")
            .series(Series::line("below zero", vec![(1.0, -1.0), (2.0, 0.0)]))
            .log_y(),
        LineChart::new("Empty", "x", "y").series(Series::band("none", vec![(1.0, f64::NAN, 2.0)])).dates(),
    ];
    for (chart, size) in nothing.iter().flat_map(|chart| SIZES.map(|size| (chart, size))) {
        let letters = letters(&chart.svg(size).unwrap());
        assert!(letters.iter().any(|letter| letter == "no data to show"), "{letters:?}");
    }
}

#[test]
fn values_that_are_no_numbers_are_passed_over() {
    let points =
        vec![(1.0, 1.0), (2.0, f64::NAN), (3.0, f64::NEG_INFINITY), (f64::NAN, 2.0), (4.0, 2.0), (5.0, 3.0)];
    let svg = LineChart::new("", "", "").series(Series::line("a", points)).svg(Size::Wide).unwrap();
    assert_eq!(lines(&svg, "line-series-1")[0].len(), 3);
    assert!(!svg.contains("NaN"), "{svg}");
}

#[test]
fn odd_series_are_drawn() {
    let odd = [
        vec![(1.0, 1.0)],
        vec![(1.0, 5.0); 10],
        vec![(1.0, 0.0), (2.0, 0.0)],
        vec![(1.0, 1e-300), (2.0, 1e300)],
        vec![(-1e300, 1.0), (1e300, 2.0)],
        vec![(f64::MAX, 1.0), (2.0, f64::MIN)],
        vec![(1.0, 1.0), (1.0 + f64::EPSILON, 1.0 + f64::EPSILON)],
        vec![(3.0, 1.0), (1.0, 2.0), (2.0, 3.0)],
    ];
    for (points, size) in odd.iter().flat_map(|points| SIZES.map(|size| (points, size))) {
        let band = points.iter().map(|(x, y)| (*x, *y, *y)).collect();
        let chart = LineChart::new("odd", "x", "y")
            .series(Series::line("line", points.clone()))
            .series(Series::dashed("dashed", points.clone()))
            .series(Series::points("points", points.clone()))
            .series(Series::band("band", band))
            .mark(1.0, "mark");
        for chart in [chart.clone(), chart.clone().log_y(), chart.clone().dates(), chart.dates().log_y()] {
            let svg = chart.svg(size).unwrap();
            assert!(letters(&svg).iter().any(|letter| letter == "odd"), "{points:?}");
        }
    }
}

#[test]
fn a_loss_below_a_decade_has_different_labels_on_its_axis() {
    let losses = [1.5e-4, 1.1e-4, 9.2e-5, 8.3e-5, 8e-5];
    for size in SIZES {
        let letters = letters(&loss_curves(&losses, &[], None, "").svg(size).unwrap());
        let labels: Vec<_> =
            letters.iter().filter(|letter| letter.contains("e-")).map(String::as_str).collect();
        assert_eq!(labels, ["8e-5", "1.0e-4", "1.2e-4", "1.4e-4"]);
    }
}

#[test]
fn epochs_are_labelled_by_whole_numbers() {
    for size in SIZES {
        let letters = letters(
            &loss_curves(&[0.03, 0.02, 0.01], &[f64::NAN, 0.025, 0.02], Some(3), "").svg(size).unwrap(),
        );
        let whole = ["1", "2", "3"].map(|epoch| letters.iter().filter(|letter| *letter == epoch).count());
        assert!(whole.iter().all(|count| *count >= 1), "{letters:?}");
        assert!(!letters.iter().any(|letter| letter == "1.5" || letter == "1.2"), "{letters:?}");
    }
}

#[test]
fn a_band_lies_beneath_the_lines_in_the_colour_of_the_one_before_it() {
    let svg = forecast::chart().svg(Size::Wide).unwrap();
    let document = Document::parse(&svg).unwrap();
    let class = |node: &roxmltree::Node<'_, '_>| node.attribute("class").unwrap_or("").to_owned();
    let points =
        |node: &roxmltree::Node<'_, '_>| node.attribute("points").map_or(0, |it| it.split(' ').count());
    // The key's lines have two points.
    let drawn = document.descendants().filter(|node| node.has_tag_name("polygon") || points(node) > 3);
    let drawn: Vec<_> = drawn.map(|node| class(&node)).filter(|class| class.contains("series")).collect();
    assert_eq!(drawn, ["fill-series-2", "line-series-1", "line-series-2"]);
}

#[test]
fn the_picture_of_the_readme_is_what_the_crate_draws() {
    let picture = include_str!("../forecast.svg");
    assert!(
        picture == forecast::chart().svg(Size::Wide).unwrap(),
        "print it again: see examples/forecast.rs"
    );
}

#[test]
fn dates_stand_on_the_axis() {
    let chart = LineChart::new("Prices", "", "points")
        .dates()
        .series(Series::line("close", vec![(11_324.0, 1.0), (17_529.0, 2.0)]));
    assert!(letters(&chart.svg(Size::Wide).unwrap()).iter().any(|letter| letter == "2004"));
}

/// The rectangle that each text of a drawing takes, about: its left, top, right and bottom edges.
fn boxes(svg: &str) -> Vec<(f64, f64, f64, f64, String)> {
    let document = Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    let rectangle = |node: roxmltree::Node<'_, '_>| {
        let number = |name| node.attribute(name).unwrap().parse::<f64>().unwrap();
        let text = node.text().unwrap_or("").trim().to_owned();
        let size = number("font-size");
        // As wide as the letters of most fonts without serifs.
        let share = |letter: char| match letter {
            'f' | 'i' | 'j' | 'l' | 'r' | 't' | ' ' | '.' | ',' | '-' => 0.34,
            'm' | 'w' => 0.83,
            '…' => 1.0,
            _ => 0.56,
        };
        let width = size * text.chars().map(share).sum::<f64>();
        let left = match node.attribute("text-anchor") {
            Some("start") | None => number("x"),
            Some("middle") => number("x") - width / 2.0,
            Some("end") => number("x") - width,
            Some(other) => panic!("{other}"),
        };
        // By which the baseline lies below, in sizes of the letters.
        let down = match node.attribute("dy") {
            Some("0.76em") => 0.76,
            Some("0.5ex") => 0.27,
            Some("-0.5ex") => -0.27,
            other => panic!("{other:?}"),
        };
        let base = number("y") + down * size;
        (left, base - 0.75 * size, left + width, base, text)
    };
    texts.map(rectangle).filter(|it| !it.4.is_empty()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]
    #[test]
    fn no_text_covers_another_or_leaves_the_picture(
        title in "[a-z]{1,12}( [a-z]{1,12}){0,8}",
        names in prop::collection::vec("[a-z]{1,20}", 1..5),
        x in (-9.0..9.0f64, -4i32..9, -9.0..2.0f64),
        y in (-9.0..9.0f64, -12i32..9, -9.0..2.0f64),
        mark in 0.0..1.0f64,
    ) {
        let point = |(from, exponent, width): (f64, i32, f64), share: f64| {
            let low = from * 10f64.powi(exponent);
            low + share * (10f64.powf(width) * 10f64.powi(exponent)).max(low.abs() * 1e-8)
        };
        let mut chart = LineChart::new(title.clone(), title.clone(), title.clone()).mark(point(x, mark), title);
        for name in names {
            let points = (0..=10).map(|n| f64::from(n) / 10.0).map(|share| (point(x, share), point(y, share)));
            chart = chart.series(Series::line(name, points.collect()));
        }
        for chart in [chart.clone(), chart.clone().log_y(), chart.dates()] {
            for (size, width, height) in [(Size::Wide, 9000.0, 4200.0), (Size::Narrow, 4200.0, 3600.0)] {
                let svg = chart.svg(size).unwrap();
                let boxes = boxes(&svg);
                for (place, one) in boxes.iter().enumerate() {
                    let within = one.0 >= 0.0 && one.1 >= 0.0 && one.2 <= width && one.3 <= height;
                    prop_assert!(within, "{:?} leaves the picture {:?}: {}", one, size, svg);
                    for other in &boxes[place + 1..] {
                        let apart = one.2 <= other.0 || other.2 <= one.0 || one.3 <= other.1 || other.3 <= one.1;
                        prop_assert!(apart, "{:?} covers {:?} in {:?}: {}", one, other, size, svg);
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]
    #[test]
    fn any_text_and_any_numbers_make_a_document(
        text in any::<String>(),
        points in prop::collection::vec((any::<f64>(), any::<f64>()), 0..20),
        mark in any::<f64>(),
    ) {
        let band = points.iter().map(|(x, y)| (*x, *y, *x)).collect();
        let chart = LineChart::new(text.clone(), text.clone(), text.clone())
            .series(Series::line(text.clone(), points))
            .series(Series::band(text.clone(), band))
            .mark(mark, text);
        for chart in [chart.clone(), chart.clone().log_y(), chart.dates()] {
            for size in SIZES {
                let svg = chart.svg(size).unwrap();
                prop_assert!(Document::parse(&svg).is_ok(), "{:?}: {svg}", Document::parse(&svg).err());
            }
        }
    }
}
