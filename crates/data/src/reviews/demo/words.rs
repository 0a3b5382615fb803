//! The words of the demo reviews. No word of judgement, and neither `not` nor `truly`, occurs outside its list.

/// Words for a film.
pub(super) const PRAISE: [&str; 8] =
    ["good", "great", "moving", "clever", "funny", "gripping", "tender", "splendid"];

/// Words against a film.
pub(super) const BLAME: [&str; 8] = ["bad", "dull", "clumsy", "boring", "silly", "hollow", "awful", "stale"];

/// Stands before what it turns round.
pub(super) const DENIAL: &str = "not";

/// Stands where no denial does, so that both kinds of verdict are equally long.
pub(super) const ASSENT: &str = "truly";

/// How the first verdict begins, and how the last one does.
pub(super) const OPENINGS: [&str; 2] = ["At first", "In the end"];

/// What a verdict is about.
pub(super) const SUBJECTS: [&str; 8] = [
    "the film",
    "the story",
    "the acting",
    "the music",
    "the dialogue",
    "the camera work",
    "the ending",
    "the cast",
];

/// What stands between a denial and the word that it turns round.
pub(super) const ASIDES: [&str; 8] = [
    "as my brother said",
    "for all the noise of the papers",
    "to my mind",
    "whatever the poster of the cinema says",
    "as we all know by now",
    "and here I speak for a whole row of seats",
    "I have to say",
    "with or without the songs",
];

/// Who does something in a sentence without a verdict.
pub(super) const PEOPLE: [&str; 10] = [
    "A young doctor",
    "The old captain",
    "Her sister",
    "A stranger with a dog",
    "The girl next door",
    "His only friend",
    "A thief",
    "The teacher",
    "An uncle from Paris",
    "The man in the grey coat",
];

/// What they do.
pub(super) const DEEDS: [&str; 12] = [
    "takes the night train",
    "finds a letter",
    "meets a widow",
    "loses a bet",
    "writes a song",
    "leaves the house",
    "waits for the storm to pass",
    "hides the money",
    "sells the farm",
    "learns to dance",
    "tells a lie",
    "opens a small shop",
];

/// When and where.
pub(super) const PLACES: [&str; 10] = [
    "in a village by the sea",
    "during the war",
    "on the last day of summer",
    "at the edge of the desert",
    "after the funeral",
    "in the middle of winter",
    "before the children wake",
    "under another name",
    "while the city sleeps",
    "near the harbour",
];
