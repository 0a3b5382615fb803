//! Charts in pixels: they have the size that they say, and show what they are given.

use recurrent_report::{LineChart, Picture, Series, Size};

/// The pixels of a picture, by rows of red, green and blue.
fn pixels(picture: &Picture) -> Vec<[u8; 3]> {
    let read = tiny_skia::Pixmap::decode_png(&picture.png).unwrap();
    assert_eq!((read.width(), read.height()), (picture.width, picture.height));
    read.pixels().iter().map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect()
}

fn count(picture: &Picture, colour: [u8; 3]) -> usize {
    pixels(picture).into_iter().filter(|pixel| *pixel == colour).count()
}

const BLUE: [u8; 3] = [0x0b, 0x62, 0xc4];
const ORANGE: [u8; 3] = [0xc8, 0x51, 0x0a];

#[test]
fn lines_have_their_colours_and_dashes_their_gaps() {
    let points = || vec![(0.0, 1.0), (1.0, 1.0)];
    let empty = LineChart::new("Loss", "step", "error");
    let solid = empty.clone().series(Series::line("solid", points())).picture(Size::Wide).unwrap();
    assert_eq!((solid.width, solid.height), (1800, 840));
    let (blue, orange) = (count(&solid, BLUE), count(&solid, ORANGE));
    assert!(blue > 1500 * 2 && orange == 0, "{blue} blue, {orange} orange");

    let both =
        empty.clone().series(Series::line("none", Vec::new())).series(Series::dashed("dashed", points()));
    let dashed = count(&both.picture(Size::Wide).unwrap(), ORANGE);
    let share = dashed as f64 / blue as f64;
    assert!((0.45..0.7).contains(&share), "{dashed} of {blue}: 60 of 105 are drawn");

    let nothing = empty.picture(Size::Narrow).unwrap();
    assert_eq!((nothing.width, nothing.height), (840, 720));
    assert!(pixels(&nothing).iter().any(|pixel| *pixel != [255; 3]), "it says that there is nothing");
}

#[test]
fn any_letter_and_any_number_is_drawn() {
    let wild = vec![(-1e300, 1e-300), (0.0, f64::MAX), (1e300, 5.0)];
    let chart = LineChart::new("Ünïcode “quotes” — 漢字 \u{1f600}", "…", "×")
        .series(Series::line("a", wild.clone()))
        .series(Series::dashed("b", wild.clone()))
        .series(Series::band("c", wild.iter().map(|(x, y)| (*x, *y, *y)).collect()))
        .series(Series::points("d", wild))
        .mark(0.0, "zero");
    assert!(pixels(&chart.picture(Size::Wide).unwrap()).len() == 1800 * 840);
}
