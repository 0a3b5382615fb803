//! Figures of a running server, in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::models::Served;
use crate::queue::unpoisoned;
use crate::task::Task;

/// Upper ends of the durations that are counted, in seconds.
const ENDS: [f64; 12] = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 10.0, 60.0];

/// Counters of a model.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    answers: Mutex<BTreeMap<u16, u64>>,
    steps: AtomicU64,
    units: AtomicU64,
    left: AtomicU64,
    reloads: AtomicU64,
    waiting: Histogram,
    answering: Histogram,
}

impl Counters {
    /// A question was answered with a status, after so long.
    pub(crate) fn answered(&self, status: u16, after: Duration) {
        *unpoisoned(self.answers.lock()).entry(status).or_default() += 1;
        self.answering.add(after);
    }

    /// A client has left before its answer.
    pub(crate) fn left(&self) {
        self.left.fetch_add(1, Ordering::Relaxed);
    }

    /// A question has waited so long for its turn.
    pub(crate) fn waited(&self, duration: Duration) {
        self.waiting.add(duration);
    }

    pub(crate) fn add_step(&self) {
        self.steps.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add_units(&self, units: usize) {
        self.units.fetch_add(units as u64, Ordering::Relaxed);
    }

    pub(crate) fn reloaded(&self) {
        self.reloads.fetch_add(1, Ordering::Relaxed);
    }
}

/// Durations by size.
#[derive(Debug, Default)]
struct Histogram {
    counts: [AtomicU64; ENDS.len() + 1],
    microseconds: AtomicU64,
}

impl Histogram {
    fn add(&self, duration: Duration) {
        let place = ENDS.iter().position(|end| duration.as_secs_f64() <= *end).unwrap_or(ENDS.len());
        self.counts[place].fetch_add(1, Ordering::Relaxed);
        let microseconds = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.microseconds.fetch_add(microseconds, Ordering::Relaxed);
    }

    fn write(&self, name: &str, model: &str, text: &mut String) {
        let mut sum = 0;
        let ends = ENDS.iter().map(f64::to_string).chain(["+Inf".to_owned()]);
        for (count, end) in self.counts.iter().zip(ends) {
            sum += count.load(Ordering::Relaxed);
            let _ = writeln!(text, "{name}_bucket{{model={model},le=\"{end}\"}} {sum}");
        }
        let seconds = self.microseconds.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(text, "{name}_sum{{model={model}}} {seconds}\n{name}_count{{model={model}}} {sum}");
    }
}

/// The figures of all models.
pub(crate) fn text<T: Task>(models: &[Served<T>]) -> String {
    let mut text = String::new();
    let quoted: Vec<(&Served<T>, String)> =
        models.iter().map(|served| (served, quoted(&served.name))).collect();
    let mut family = |name: &str, kind: &str, help: &str, each: &dyn Fn(&Served<T>, &str, &mut String)| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        quoted.iter().for_each(|(served, model)| each(served, model, &mut text));
    };
    let answers = "recurrent_answers_total";
    family(answers, "counter", "Questions that were answered, by status.", &|served, model, text| {
        for (status, count) in &*unpoisoned(served.counters.answers.lock()) {
            let _ = writeln!(text, "{answers}{{model={model},status=\"{status}\"}} {count}");
        }
    });
    type Figure<T> = fn(&Served<T>) -> u64;
    let figures: [(&str, &str, &str, Figure<T>); 8] = [
        ("recurrent_waiting", "gauge", "Questions that wait.", |served| served.queue.len() as u64),
        ("recurrent_steps_total", "counter", "Shares of work, each of all questions of a batch.", |served| {
            served.counters.steps.load(Ordering::Relaxed)
        }),
        (
            "recurrent_units_total",
            "counter",
            "What answers are made of: characters, texts, days.",
            |served| served.counters.units.load(Ordering::Relaxed),
        ),
        ("recurrent_left_total", "counter", "Clients that left before their answer.", |served| {
            served.counters.left.load(Ordering::Relaxed)
        }),
        ("recurrent_reloads_total", "counter", "Times that newer weights were loaded.", |served| {
            served.counters.reloads.load(Ordering::Relaxed)
        }),
        ("recurrent_epoch", "gauge", "Epoch of the weights, 0 where it is not known.", |served| {
            served.loaded().answered_by.weights.epoch.unwrap_or(0) as u64
        }),
        ("recurrent_step", "gauge", "Step of the weights, 0 where it is not known.", |served| {
            served.loaded().answered_by.weights.step.unwrap_or(0)
        }),
        ("recurrent_training", "gauge", "1 where the model is being trained.", |served| {
            u64::from(served.source.is_being_trained())
        }),
    ];
    for (name, kind, help, figure) in figures {
        family(name, kind, help, &|served, model, text| {
            let _ = writeln!(text, "{name}{{model={model}}} {}", figure(served));
        });
    }
    let waiting = "recurrent_waiting_seconds";
    family(waiting, "histogram", "From the question to its turn.", &|served, model, text| {
        served.counters.waiting.write(waiting, model, text);
    });
    let answering = "recurrent_answer_seconds";
    family(answering, "histogram", "From the question to the end of its answer.", &|served, model, text| {
        served.counters.answering.write(answering, model, text);
    });
    text
}

/// A label's value, as the format has it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_counted_up_to_each_end() {
        let histogram = Histogram::default();
        for milliseconds in [1, 2, 3, 70_000] {
            histogram.add(Duration::from_millis(milliseconds));
        }
        let mut text = String::new();
        histogram.write("s", &quoted("a\"b"), &mut text);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines[..2],
            [r#"s_bucket{model="a\"b",le="0.002"} 2"#, r#"s_bucket{model="a\"b",le="0.005"} 3"#]
        );
        assert_eq!(
            lines[11..13],
            [r#"s_bucket{model="a\"b",le="60"} 3"#, r#"s_bucket{model="a\"b",le="+Inf"} 4"#]
        );
        assert_eq!(lines[13..], [r#"s_sum{model="a\"b"} 70.006"#, r#"s_count{model="a\"b"} 4"#]);
    }
}
