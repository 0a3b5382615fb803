//! Words and subwords: nothing of a text is lost, its training part alone decides what they are, and each is what it is said to be.
#![cfg(feature = "text")]

use proptest::prelude::*;
use recurrent_data::text::{
    Corpus, MAX_VOCABULARY, Text, TextFractions, Tokens, Vocabulary, VocabularyFault, demo,
};

const LONGER: [Tokens; 2] = [Tokens::Words, Tokens::Subwords];

fn learnt(tokens: Tokens, text: &str, size: Option<usize>) -> Result<Vocabulary, VocabularyFault> {
    Vocabulary::learn(tokens, text, text, size)
}

/// The tokens of a text, one by one.
fn cut(vocabulary: &Vocabulary, text: &str) -> Vec<String> {
    vocabulary.encode(text).unwrap().iter().map(|id| vocabulary.decode(&[*id])).collect()
}

#[test]
fn a_word_has_the_space_in_front_of_it_and_what_is_rare_is_spelt() {
    let text = "The cat, the cat; and the dog:\n  the cat's\n";
    let words = learnt(Tokens::Words, text, None).unwrap();
    assert_eq!(words.tokens(), Tokens::Words);
    // The space that begins a word is part of it, of several that indent a line none is.
    assert_eq!(
        cut(&words, text).join("|"),
        "T|h|e| cat|,| the| cat|;| |a|n|d| the| |d|o|g|:|\n| | |t|h|e| |c|a|t|'|s|\n"
    );
    assert_eq!(
        words.characters().len() + 2,
        words.len(),
        "` the` and ` cat` occur twice, `the` and `The` once"
    );
    assert_eq!(words.length_of(&words.encode(" the cat").unwrap()), 8);
    assert_eq!(words.open_end("The dog"), " dog");
    // More letters or digits would join what stands before the mark.
    assert_eq!(words.open_end("I can'"), " can'");
    assert_eq!(words.open_end("it is 3."), " 3.");
    assert_eq!(words.open_end("The end, "), " ");
    assert_eq!(Vocabulary::of(text).unwrap().open_end("The dog"), "");
}

#[test]
fn subwords_are_what_another_implementation_finds() {
    let golden: serde_json::Value = serde_json::from_str(include_str!("goldens/subwords.json")).unwrap();
    let text = golden["text"].as_str().unwrap();
    let tokens: Vec<String> = serde_json::from_value(golden["tokens"].clone()).unwrap();
    let vocabulary = learnt(Tokens::Subwords, text, Some(tokens.len())).unwrap();
    let found: Vec<String> = (0..vocabulary.len()).map(|id| vocabulary.decode(&[id as u16])).collect();
    assert_eq!(found, tokens);
    let encoded: Vec<String> = serde_json::from_value(golden["encoded"].clone()).unwrap();
    assert_eq!(cut(&vocabulary, golden["other"].as_str().unwrap()), encoded);
}

#[test]
fn scripts_without_blanks_have_subwords_too() {
    let text = "我喜欢电影。他喜欢电影。我们喜欢电影。".repeat(3);
    let subwords = learnt(Tokens::Subwords, &text, None).unwrap();
    assert_eq!(cut(&subwords, "我喜欢电影。我们").join("|"), "我喜欢电影|。|我|们");
    let words = learnt(Tokens::Words, &text, None).unwrap();
    assert_eq!(words.len(), words.characters().len(), "each sign is a word");
}

#[test]
fn a_word_of_many_letters_is_cut_soon() {
    let genome: String =
        (0u64..200_000).map(|i| ['A', 'C', 'G', 'T'][(i * i * 7919 / 13 % 4) as usize]).collect();
    for tokens in LONGER {
        let vocabulary = learnt(tokens, &genome, None).unwrap();
        assert_eq!(vocabulary.decode(&vocabulary.encode(&genome).unwrap()), genome);
    }
}

#[test]
fn what_makes_no_vocabulary_is_told() {
    let said = |tokens, text: &str, size| learnt(tokens, text, Some(size)).unwrap_err().to_string();
    let text = "a rose is a rose is a rose";
    insta::assert_snapshot!(said(Tokens::Subwords, text, 5), @"a vocabulary of 5 tokens has no room for the 7 distinct characters of the text; choose 7 or more");
    insta::assert_snapshot!(said(Tokens::Subwords, text, 500), @"a vocabulary of 500 tokens is too large for the text: it has 14, its characters and what occurs at least twice in its training part; choose 14 or fewer");
    insta::assert_snapshot!(said(Tokens::Words, text, 500), @"a vocabulary of 500 tokens is too large for the text: it has 10, its characters and what occurs at least twice in its training part; choose 10 or fewer");
    let read = |json: &str| serde_json::from_str::<Vocabulary>(json).unwrap_err().to_string();
    insta::assert_snapshot!(read(r#"{"tokens": "words", "texts": ["a", "b", "ab", "ab"]}"#), @r#"the token "ab" is listed twice; list each token once"#);
    insta::assert_snapshot!(read(r#"{"tokens": "words", "texts": ["a", "b", "ac"]}"#), @r#"the token "ac" has `c` (U+0063), which is no token by itself; list that too"#);
    insta::assert_snapshot!(read(r#"{"tokens": "words", "texts": ["a", "b", ""]}"#), @"a token is empty; list tokens of at least one character");
    insta::assert_snapshot!(read(r#"{"tokens": "words", "texts": ["a", "aa"]}"#), @"`a` (U+0061) is the only character, so there is nothing to predict; a vocabulary needs at least 2 distinct ones");
    assert!(learnt(Tokens::Subwords, text, Some(MAX_VOCABULARY)).is_err());
}

#[test]
fn a_character_that_is_missing_is_named_with_its_place_in_the_whole_text() {
    let vocabulary = learnt(Tokens::Subwords, "ab ab ab\n", None).unwrap();
    let corpus = |text: &str| {
        let fractions = TextFractions { validation: 0.2, test: 0.2 };
        Corpus::from_string("a text", text.to_owned()).unwrap().split(fractions).unwrap()
    };
    let said = Text::with_vocabulary(corpus("ab ab\nab c"), &vocabulary).unwrap_err();
    insta::assert_snapshot!(said, @"`a text`: the vocabulary of 4 characters lacks `c` (U+0063), at character offset 9, line 2; leave it out");
    let text = Text::replacing(corpus("ab ab\nab c"), &vocabulary, 'b').unwrap();
    assert_eq!((text.vocabulary().decode(text.ids()).as_str(), text.len()), ("ab ab\nab b", 10));
}

#[test]
fn a_text_of_many_characters_has_longer_tokens_too() {
    let signs: String = (0..2501).map(|place| char::from_u32(0x4e00 + place).unwrap()).collect();
    let text = signs.repeat(3);
    let vocabulary = learnt(Tokens::Subwords, &text, None).unwrap();
    assert!(vocabulary.len() > 3000, "{}", vocabulary.len());
}

#[test]
fn a_saved_vocabulary_of_characters_has_no_longer_tokens() {
    let json = r#"{"tokens":"characters","texts":["a","b","ab"]}"#;
    let said = serde_json::from_str::<Vocabulary>(json).unwrap_err().to_string();
    assert!(said.contains("list characters in one text"), "{said}");
}

#[test]
fn as_many_tokens_as_ids_make_a_vocabulary() {
    let pairs = (0..).flat_map(|more: u32| [('a', more), ('b', more)]);
    let pairs =
        pairs.map(|(first, more)| format!("{first}{}", char::from_u32(0x4e00 + more % 20_000).unwrap()));
    let signs = (0..20_000).map(|more| char::from_u32(0x4e00 + more).unwrap().to_string());
    let texts: Vec<String> =
        ["a", "b"].map(str::to_owned).into_iter().chain(signs).chain(pairs.take(40_000)).collect();
    let rest = (0..MAX_VOCABULARY - texts.len()).map(|more| format!("aa{}", texts[2 + more]));
    let texts: Vec<String> = texts.iter().cloned().chain(rest).collect();
    let read = |texts: &[String]| {
        serde_json::from_value::<Vocabulary>(serde_json::json!({ "tokens": "subwords", "texts": texts }))
    };
    let vocabulary = read(&texts).unwrap();
    assert_eq!((vocabulary.len(), vocabulary.decode(&[65_534])), (MAX_VOCABULARY, texts[65_534].clone()));
    let said = read(&[texts, vec!["ab".to_owned()]].concat()).unwrap_err();
    insta::assert_snapshot!(said, @"65536 tokens are more than the 65535 that a vocabulary holds; use fewer of more than one character");
}

/// A text of words that come again, of several scripts, white space and signs.
fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-c]{1,4}",
        " ?the",
        " ?Größe",
        "[ \n]{1,3}",
        "[,.!'’-]",
        "好电?影",
        "👩‍👩‍👧|e\u{301}|\u{feff}|\r\n"
    ];
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat() + "xy")
}

proptest! {
    // A vocabulary takes milliseconds, since it looks through all code points.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_text_comes_back_whatever_it_is_learnt_from(of in text(), other in any::<String>(), size in prop::option::of(2usize..200)) {
        for tokens in LONGER {
            let Ok(vocabulary) = Vocabulary::learn(tokens, &format!("{of}{other}"), &of, size) else { continue };
            prop_assert!(size.is_none_or(|size| size == vocabulary.len()));
            for text in [&of, &other, &format!("{other}{of}")] {
                let ids = vocabulary.encode(text).unwrap();
                prop_assert_eq!(&vocabulary.decode(&ids), text);
                prop_assert_eq!(vocabulary.length_of(&ids), text.chars().count());
                let predicted = vocabulary.encode_predicted(text).unwrap();
                prop_assert_eq!(&vocabulary.decode(&predicted), text);
                prop_assert!(predicted.first().is_none_or(|id| vocabulary.length_of(&[*id]) == 1));
                prop_assert!(text.ends_with(vocabulary.open_end(text)));
            }
        }
    }

    #[test]
    fn the_training_part_alone_decides_what_the_tokens_are(of in text(), held_out in text(), other in text()) {
        for tokens in LONGER {
            // The same characters, in another order: what is held out has its characters known, and nothing else.
            let reordered: String = held_out.chars().rev().collect();
            let vocabulary = |held_out: &str| Vocabulary::learn(tokens, &format!("{of}{held_out}"), &of, None).unwrap();
            prop_assert_eq!(vocabulary(&held_out), vocabulary(&reordered));
            let pieces = |vocabulary: &Vocabulary| {
                let texts = (0..vocabulary.len()).map(|id| vocabulary.decode(&[id as u16]));
                texts.filter(|text| text.chars().count() > 1).collect::<Vec<_>>()
            };
            let (one, another) = (vocabulary(&held_out), vocabulary(&other));
            if one.characters().len() == another.characters().len() {
                prop_assert_eq!(pieces(&one), pieces(&another));
            }
        }
    }

    #[test]
    fn a_vocabulary_survives_json_and_extends(of in text(), other in any::<String>()) {
        for tokens in LONGER {
            let vocabulary = learnt(tokens, &of, None).unwrap();
            let json = serde_json::to_string(&vocabulary).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Vocabulary>(&json).unwrap(), &vocabulary);
            let extended = vocabulary.extended(&other).unwrap();
            prop_assert_eq!(extended.encode(&of).unwrap(), vocabulary.encode(&of).unwrap());
            prop_assert_eq!(extended.decode(&extended.encode(&other).unwrap()), other.clone());
        }
    }

    #[test]
    fn each_part_is_read_by_itself(of in text(), validation in 0.0..0.5_f64, test in 0.0..0.4_f64) {
        let fractions = TextFractions { validation, test };
        for tokens in LONGER {
            let corpus = Corpus::from_string("random", of.clone()).unwrap();
            let Ok(corpus) = corpus.split(fractions) else { continue };
            let [train, held_out, judged] = corpus.parts().map(str::to_owned);
            prop_assert_eq!(&format!("{train}{held_out}{judged}"), &of);
            let text = Text::learning(corpus, tokens, None).unwrap();
            let (parts, vocabulary) = (text.parts(), text.vocabulary());
            prop_assert_eq!(parts.train, vocabulary.encode_predicted(&train).unwrap());
            prop_assert_eq!(parts.validation, vocabulary.encode_predicted(&held_out).unwrap());
            prop_assert_eq!(parts.test, vocabulary.encode_predicted(&judged).unwrap());
            prop_assert_eq!(text.len(), of.chars().count());
        }
    }
}

#[test]
fn the_demo_text_has_tokens_of_every_kind() {
    for tokens in LONGER {
        let text = Text::learning(demo(1, 100_000), tokens, None).unwrap();
        assert!(2 * text.ids().len() < text.len(), "{} tokens", text.ids().len());
    }
}
