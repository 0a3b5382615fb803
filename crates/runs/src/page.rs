//! The comparison as a page and as text.

use recurrent_report::{Report, Section, counted};

use crate::comparison::Comparison;
use crate::curves::{charts, drawn};
use crate::differences::shortened;
use crate::tables;

impl Comparison {
    /// The comparison as a page.
    pub fn page(&self) -> Report {
        Report::new(format!("{}: {} compared", self.program, counted(self.runs.len(), "run")))
            .lead(self.lead())
            .section(self.figures_section())
            .section(self.settings_section())
            .section(self.curves_section())
    }

    /// The comparison as text for a terminal: its tables, and the settings that all share.
    pub fn text(&self) -> String {
        let tables = [tables::course(&self.runs)]
            .into_iter()
            .chain(tables::settings(self))
            .chain(tables::figures(self));
        let tables: Vec<_> = tables.map(|table| table.to_string()).collect();
        format!("{}\n{}\n", tables.join("\n"), self.shared())
    }

    fn lead(&self) -> String {
        let differ = match self.differences.len() {
            0 => "no setting differs".to_owned(),
            1 => "one setting differs".to_owned(),
            count => format!("{count} settings differ"),
        };
        format!("{} of {} ended; {differ}.", self.ended(), self.runs.len())
    }

    fn figures_section(&self) -> Section {
        let section = self.notes().into_iter().fold(Section::new("Results"), Section::note);
        let section = section.table(tables::course(&self.runs));
        let section = tables::figures(self).into_iter().fold(section, Section::table);
        match self.figures.is_empty() {
            true => section
                .paragraph("No run has figures yet: a run that has ended leaves them in its summary.json."),
            false => section,
        }
    }

    fn settings_section(&self) -> Section {
        let section = tables::settings(self).into_iter().fold(Section::new("Settings"), Section::table);
        section.paragraph(self.shared())
    }

    /// The settings that are the same in all runs, in one sentence.
    fn shared(&self) -> String {
        let settings: Vec<_> =
            self.same.iter().map(|(name, setting)| format!("{name} {}", shortened(setting))).collect();
        match settings.len() {
            0 => "No setting is the same in all.".to_owned(),
            count => format!("{} the same in all: {}.", counted(count, "setting"), settings.join(", ")),
        }
    }

    fn curves_section(&self) -> Section {
        let (section, drawn) = (Section::new("Curves"), drawn(&self.runs));
        if drawn.is_empty() {
            return section.paragraph("No run has finished an epoch yet.");
        }
        let with_epochs = self.runs.iter().filter(|run| !run.epochs.is_empty()).count();
        let section = match with_epochs == drawn.len() {
            true => section,
            false => section.note(format!(
                "Of {with_epochs} runs the {} with the lowest losses are drawn; the tables have all.",
                drawn.len()
            )),
        };
        let caption = "A point for each epoch. Losses can be compared where runs lower the same one.";
        charts(&drawn).iter().enumerate().fold(section, |section, (place, chart)| {
            section.chart(chart, if place == 0 { caption } else { "" })
        })
    }
}
