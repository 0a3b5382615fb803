//! Line charts as SVG and, where that is not shown, as PNG: loss curves, prices by date, anything with numbers on
//! both axes.
//!
//! A chart is plain data until it is drawn (`draw`), with colours (`ink`) that a page can restyle for a dark
//! screen. Other kinds of charts are not here.

mod axis;
mod calendar;
mod decimate;
mod draw;
#[cfg(feature = "png")]
mod glyphs;
mod ink;
mod layout;
mod lettering;
mod line_chart;
mod losses;
#[cfg(feature = "png")]
mod raster;
mod series;
mod ticks;

pub(crate) use ink::stylesheet;
pub use line_chart::{LineChart, Size};
pub use losses::loss_curves;
#[cfg(feature = "png")]
pub use raster::Picture;
pub use series::Series;
