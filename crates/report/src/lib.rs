#![cfg_attr(feature = "charts", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "charts"),
    doc = "Figures in words and summaries of models; charts and pages are the feature `charts`."
)]

#[cfg(feature = "charts")]
mod chart;
#[cfg(feature = "charts")]
mod error;
mod figures;
mod layers;
#[cfg(feature = "charts")]
mod markup;
#[cfg(feature = "charts")]
mod page;

#[cfg(feature = "png")]
pub use chart::Picture;
#[cfg(feature = "charts")]
pub use chart::{LineChart, Series, Size, loss_curves};
#[cfg(feature = "charts")]
pub use error::DrawError;
pub use figures::{capitalised, counted, duration, significant, thousands};
pub use layers::{LayerRow, ModelSummary};
#[cfg(feature = "charts")]
pub use page::{Cell, Column, Report, Section, Table};
