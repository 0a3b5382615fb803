//! Windows side by side: the samples of stateless training, which may be read in any order.

use super::{CutFault, Id, Tokens};

/// Windows of a text: sample `i` reads `ids[i * window .. (i + 1) * window]` and predicts each next token. What is
/// left at the end is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows<'a> {
    ids: &'a [Id],
    window: usize,
}

// There is no `is_empty`: at least one window is held.
#[allow(clippy::len_without_is_empty)]
impl<'a> Windows<'a> {
    /// Cuts windows of `window` tokens.
    ///
    /// # Errors
    ///
    /// When the window has no token, or the text is shorter than a window and the token after it.
    pub fn new(ids: &'a [Id], window: usize) -> Result<Self, CutFault> {
        if window == 0 {
            return Err(CutFault::Window);
        }
        if ids.len() <= window {
            let needed = window.saturating_add(1);
            return Err(CutFault::Windows { tokens: Tokens::Characters, count: ids.len(), window, needed });
        }
        Ok(Self { ids, window })
    }

    /// The number of windows, at least 1.
    pub fn len(&self) -> usize {
        (self.ids.len() - 1) / self.window
    }

    /// The number of tokens in a window.
    pub fn window(&self) -> usize {
        self.window
    }

    /// The tokens at the end that no window reads; the first of them is still predicted.
    pub fn dropped(&self) -> usize {
        self.ids.len() - self.len() * self.window
    }

    /// The tokens that window `i` reads.
    ///
    /// # Panics
    ///
    /// When there is no window `i`.
    pub fn input(&self, i: usize) -> &'a [Id] {
        &self.ids[self.start(i)..][..self.window]
    }

    /// The tokens that window `i` predicts: those that it reads, one later.
    ///
    /// # Panics
    ///
    /// When there is no window `i`.
    pub fn target(&self, i: usize) -> &'a [Id] {
        &self.ids[self.start(i) + 1..][..self.window]
    }

    /// A window may have room in what was dropped, but is none without a last target.
    fn start(&self, i: usize) -> usize {
        assert!(i < self.len(), "window {i} of {}", self.len());
        i * self.window
    }
}
