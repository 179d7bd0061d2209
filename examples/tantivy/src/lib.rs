//! Folding for tantivy: a query in any script and region finds text in any other, and highlights are on the original.
//!
//! [`Folding`] wraps a tokenizer. It folds the text *before* the tokenizer cuts it, so that a tokenizer with a dictionary
//! of Simplified words, such as one of jieba, finds Traditional words, too; and it maps the offsets of each token back to the
//! original, which is what tantivy's snippets need. A token filter cannot do the first: it sees what has been cut already.
//!
//! [`Pairs`] is a tokenizer without a dictionary, as Lucene's CJK analyzer has it: each two Chinese characters that follow each
//! other are a token, and each run of other letters and digits.

use fanjian::{Folded, fold_with_offsets};
use tantivy_tokenizer_api::{Token, TokenStream, Tokenizer};

/// A tokenizer that is given folded text.
#[derive(Clone, Debug, Default)]
pub struct Folding<T> {
    /// The tokenizer of folded text.
    pub tokenizer: T,
}

/// The tokens of a folded text, with offsets in the original.
#[derive(Debug)]
pub struct FoldedTokens {
    tokens: std::vec::IntoIter<Token>,
    token: Token,
}

impl<T: Tokenizer> Tokenizer for Folding<T> {
    type TokenStream<'a> = FoldedTokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> FoldedTokens {
        let folded: Folded = fold_with_offsets(text);
        let mut tokens = Vec::new();
        // A stream borrows its text, and this one ends here: its tokens are kept.
        self.tokenizer.token_stream(folded.text()).process(&mut |token| {
            let source = folded.source_range(token.offset_from..token.offset_to);
            tokens.push(Token { offset_from: source.start, offset_to: source.end, ..token.clone() });
        });
        FoldedTokens { tokens: tokens.into_iter(), token: Token::default() }
    }
}

impl TokenStream for FoldedTokens {
    fn advance(&mut self) -> bool {
        let Some(next) = self.tokens.next() else { return false };
        self.token = next;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// A tokenizer of pairs of Chinese characters, and of words of other letters and digits.
///
/// A Chinese character with no other beside it is a token.
#[derive(Clone, Debug, Default)]
pub struct Pairs;

impl Tokenizer for Pairs {
    type TokenStream<'a> = FoldedTokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> FoldedTokens {
        let mut tokens: Vec<Token> = Vec::new();
        let mut push = |from: usize, to: usize| {
            let position = tokens.len();
            let text = text[from..to].to_owned();
            tokens.push(Token { offset_from: from, offset_to: to, position, text, position_length: 1 });
        };
        let kind = |character: char| match character {
            _ if fanjian::is_han(character) => Some(true),
            _ if character.is_alphanumeric() => Some(false),
            _ => None,
        };
        let characters: Vec<(usize, char)> = text.char_indices().collect();
        for run in characters.chunk_by(|&(_, one), &(_, next)| kind(one) == kind(next)) {
            let end = |&(offset, character): &(usize, char)| offset + character.len_utf8();
            match kind(run[0].1) {
                Some(true) if run.len() > 1 => run.windows(2).for_each(|pair| push(pair[0].0, end(&pair[1]))),
                Some(_) => push(run[0].0, end(&run[run.len() - 1])),
                None => {}
            }
        }
        FoldedTokens { tokens: tokens.into_iter(), token: Token::default() }
    }
}
