//! Line charts as SVG: loss curves, prices by date, anything with numbers on both axes.
//!
//! A chart is plain data until it is drawn (`draw`), with colours (`ink`) that a page can restyle for a dark
//! screen. Other kinds of charts, and other formats than SVG, are not here.

mod axis;
mod calendar;
mod decimate;
mod draw;
mod ink;
mod layout;
mod lettering;
mod line_chart;
mod losses;
mod series;
mod ticks;

pub(crate) use ink::stylesheet;
pub use line_chart::{LineChart, Size};
pub use losses::loss_curves;
pub use series::Series;
