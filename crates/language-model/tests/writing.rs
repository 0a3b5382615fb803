//! What the network writes: the chapter's method as the reference, and where texts start.

mod common;

use common::{device, shape, text, trained};
use recurrent_cells::Pass;
use recurrent_data::text::{Id, Vocabulary};
use recurrent_language_model::{
    CellKind, LanguageModel, Network, NetworkSettings, Opening, Sampling, Seed, Settings, Writing,
};

const WINDOW: usize = 60;

/// The chapter's method: the whole text so far is read anew for each character, and the likeliest one is put behind it.
fn by_running_again(network: &Network, prime: &[Id], length: usize) -> Vec<Id> {
    let mut ids = prime.to_vec();
    for _ in 0..length {
        let inputs = ids.iter().map(|id| i64::from(*id)).collect();
        let inputs = network.place(inputs, [1, ids.len()]);
        let (logits, _) = network.forward(inputs, None, &Pass::evaluation(), None);
        let last = logits.narrow(0, ids.len() - 1, 1).into_data().try_into_vec::<f32>().unwrap();
        let best = (0..last.len()).max_by(|a, b| last[*a].total_cmp(&last[*b])).unwrap();
        ids.push(best as Id);
    }
    ids.split_off(prime.len())
}

#[test]
fn greedy_text_is_that_of_running_the_window_again() {
    let text = text(200);
    for cell in CellKind::ALL {
        let shape = NetworkSettings { dropout: 0.1, ..shape(cell, 33, 2) };
        let network = trained(&shape, &text, WINDOW, 6);
        for start in [0, 7, 101] {
            let prime = &text.ids()[start..start + 1 + start % 5];
            let length = WINDOW - prime.len();
            let once = Writing::new(&network, prime, 1, Sampling::greedy(), Seed(0));
            let once: Vec<Id> = once.take(length).flatten().collect();
            let again = by_running_again(&network, prime, length);
            let show = |ids: &[Id]| text.vocabulary().decode(ids);
            assert_eq!(show(&once), show(&again), "{cell:?} from {start}");
            assert!(once.iter().any(|id| *id != once[0]), "{cell:?} writes one character alone");
        }
    }
}

#[test]
fn several_texts_are_those_that_would_be_written_alone() {
    let text = text(50);
    let network = trained(&shape(CellKind::Lstm, 12, 2), &text, 20, 1);
    let sampling = Sampling::default();
    let rows: Vec<_> = Writing::new(&network, &text.ids()[..5], 4, sampling, Seed(9)).take(60).collect();
    let of = |row: usize| rows.iter().map(|ids| ids[row]).collect::<Vec<_>>();
    let alone: Vec<Id> =
        Writing::new(&network, &text.ids()[..5], 1, sampling, Seed(9)).take(60).flatten().collect();
    assert_eq!(of(0), alone);
    assert!((1..4).any(|row| of(row) != alone), "each has randomness of its own");
}

#[test]
fn a_drawn_text_starts_as_a_line_does_and_a_greedy_one_with_a_character_by_chance() {
    let lines = Vocabulary::of("a line\n").unwrap();
    let line_break = lines.id('\n').unwrap();
    let drawn = Opening::new(&lines, Sampling::default(), Seed(3));
    assert_eq!((drawn, drawn.text()), (Opening::After(line_break), None));
    let chance = |vocabulary: &Vocabulary, sampling: Sampling| {
        let ids: Vec<_> = (0..50)
            .map(|seed| match Opening::new(vocabulary, sampling, Seed(seed)) {
                Opening::With(id) => id,
                Opening::After(_) => panic!("nothing goes before the text"),
            })
            .collect();
        assert!(ids.iter().any(|id| *id != ids[0]), "the seed chooses");
    };
    chance(&lines, Sampling::greedy());
    chance(&Vocabulary::of("no line break").unwrap(), Sampling::default());
}

#[test]
fn without_a_prime_text_the_model_starts_by_itself() {
    let vocabulary = Vocabulary::of("abc\n").unwrap();
    let shape = NetworkSettings::new(CellKind::Gru, 8, 1);
    let network = Network::new(&shape, vocabulary.len(), Seed(2), &device());
    let model = LanguageModel::new(Settings::new(shape, vocabulary), network);
    let written = |prime: &str, sampling: Sampling| {
        model.generate(prime, &sampling, 5).unwrap().take(30).collect::<String>()
    };
    assert_eq!(written("", Sampling::default()), written("\n", Sampling::default()));
    let greedy = written("", Sampling::greedy());
    let (first, rest) = greedy.split_at(1);
    assert_eq!(
        rest,
        &written(first, Sampling::greedy())[..29],
        "the character by chance is the text's first"
    );
}
