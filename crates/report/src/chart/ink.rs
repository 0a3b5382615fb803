//! The colours of a chart: fixed ones in the file itself, and classes by which a report restyles them.
//!
//! The drawing library writes fixed colours. So a chart is drawn with one false colour for each role, and every
//! false colour is then replaced by the class of its role and the colour for a white page. A style sheet
//! overrides such a colour, and without one the file looks right wherever it is opened.

use plotters::style::RGBColor;

/// What a line, an area or a letter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Paper,
    Title,
    Label,
    Grid,
    Axis,
    Mark,
    /// A series, by its place; after the last colour they begin again.
    Series(usize),
    /// The same colour with dashes.
    DashedSeries(usize),
}

/// A colour on white and on dark.
struct Colour {
    class: &'static str,
    light: &'static str,
    dark: &'static str,
}

/// The roles before the series.
const ROLES: [Colour; 6] = [
    Colour { class: "paper", light: "#ffffff", dark: "none" },
    Colour { class: "title", light: "#1f2328", dark: "#e6edf3" },
    Colour { class: "label", light: "#59636e", dark: "#9aa4af" },
    Colour { class: "grid", light: "#e4e8ec", dark: "#2b323b" },
    Colour { class: "axis", light: "#8c959f", dark: "#6e7681" },
    Colour { class: "mark", light: "#59636e", dark: "#9aa4af" },
];

/// Told apart by people who do not see red or green, and by their brightness.
const SERIES: [Colour; 6] = [
    Colour { class: "series-1", light: "#0b62c4", dark: "#62aaff" },
    Colour { class: "series-2", light: "#c8510a", dark: "#f59a53" },
    Colour { class: "series-3", light: "#1a7f5a", dark: "#45c493" },
    Colour { class: "series-4", light: "#8347c9", dark: "#c198f8" },
    Colour { class: "series-5", light: "#a8335c", dark: "#f286ab" },
    Colour { class: "series-6", light: "#5b6570", dark: "#aab4bf" },
];

/// How dashed lines and marks are broken, in units of the drawing: a dash, and the gap behind it.
pub(super) const DASH: [u8; 2] = [60, 45];

impl Ink {
    /// The false colour of this role.
    pub(super) fn colour(self) -> RGBColor {
        let code = match self {
            Self::Paper => 0,
            Self::Title => 1,
            Self::Label => 2,
            Self::Grid => 3,
            Self::Axis => 4,
            Self::Mark => 5,
            Self::Series(place) => ROLES.len() + place % SERIES.len(),
            Self::DashedSeries(place) => ROLES.len() + SERIES.len() + place % SERIES.len(),
        };
        RGBColor(0, 0, code as u8)
    }
}

/// The colour of each false one, and whether its lines are dashed.
fn codes() -> impl Iterator<Item = (&'static Colour, bool)> {
    let solid = ROLES.iter().chain(&SERIES).map(|colour| (colour, colour.class == "mark"));
    solid.chain(SERIES.iter().map(|colour| (colour, true)))
}

/// What a false colour is on white paper.
#[cfg(feature = "png")]
pub(super) fn light((.., code): (u8, u8, u8)) -> [u8; 3] {
    let light = codes().nth(code.into()).map_or(ROLES[0].light, |(colour, _)| colour.light);
    [1, 3, 5].map(|from| u8::from_str_radix(&light[from..from + 2], 16).unwrap_or_default())
}

/// Whether lines of a false colour are dashed.
#[cfg(feature = "png")]
pub(super) fn is_dashed((.., code): (u8, u8, u8)) -> bool {
    codes().nth(code.into()).is_some_and(|(_, is_dashed)| is_dashed)
}

/// Replaces the false colours of a drawing.
pub(super) fn develop(mut svg: String) -> String {
    let [dash, gap] = DASH;
    for (code, (colour, is_dashed)) in codes().enumerate() {
        let dashes = if is_dashed { format!(" stroke-dasharray=\"{dash} {gap}\"") } else { String::new() };
        let Colour { class, light, .. } = colour;
        // Quotes in the text of a drawing are escaped, so these are attributes.
        svg = svg
            .replace(
                &format!("stroke=\"#0000{code:02X}\""),
                &format!("class=\"line-{class}\" stroke=\"{light}\"{dashes}"),
            )
            .replace(
                &format!("fill=\"#0000{code:02X}\""),
                &format!("class=\"fill-{class}\" fill=\"{light}\""),
            );
    }
    svg
}

/// The rules by which a page shows its charts on its own background, on dark where the reader prefers that.
pub(crate) fn stylesheet() -> String {
    let mut dark = String::new();
    for Colour { class, dark: colour, .. } in ROLES.iter().chain(&SERIES) {
        dark += &format!(".line-{class}{{stroke:{colour}}}.fill-{class}{{fill:{colour}}}\n");
    }
    format!(".fill-paper{{fill:none}}\n@media (prefers-color-scheme: dark) {{\n{dark}}}\n")
}
