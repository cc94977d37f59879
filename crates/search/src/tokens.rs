//! The words of a text as the engine takes them while it builds an index.

use std::collections::HashMap;

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use crate::words::{each, stem};

/// Words of which the stems are remembered; a language has fewer, but what is extracted from files need not be one.
const MOST_REMEMBERED: usize = 500_000;

/// In which form words are indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Without endings.
    Stem,
    /// As they are.
    Exact,
}

impl Form {
    /// The name of the analysis in an index's schema.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Stem => "lais-stem",
            Self::Exact => "lais-exact",
        }
    }
}

/// The analyses that an index's schema names.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for form in [Form::Stem, Form::Exact] {
        manager.register(form.name(), TextAnalyzer::from(Analysis { form, stems: HashMap::new() }));
    }
    manager
}

/// An analysis, with the stems that it has worked out.
#[derive(Clone)]
struct Analysis {
    form: Form,
    stems: HashMap<String, String>,
}

impl Analysis {
    fn stem(&mut self, word: &str) -> String {
        if let Some(known) = self.stems.get(word) {
            return known.clone();
        }
        let stem = stem(word);
        if self.stems.len() < MOST_REMEMBERED {
            self.stems.insert(word.to_owned(), stem.clone());
        }
        stem
    }
}

impl Tokenizer for Analysis {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        let mut list = Vec::new();
        each(text, |offset_from, offset_to, folded| {
            let text = match self.form {
                Form::Exact => folded.exact,
                Form::Stem => self.stem(folded.bare()),
            };
            list.push(Token { offset_from, offset_to, position: list.len(), text, position_length: 1 });
        });
        Tokens { list: list.into_iter(), token: Token::default() }
    }
}

/// The words of one text.
struct Tokens {
    list: std::vec::IntoIter<Token>,
    token: Token,
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        match self.list.next() {
            Some(token) => {
                self.token = token;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    #[test]
    fn what_is_indexed_is_what_a_query_is_compared_with() {
        let text =
            "Children\u{2019}s placements \u{2013} care-leavers\u{2019} homes; e\u{FB03}cient caf\u{E9}s, children's.";
        for form in [Form::Stem, Form::Exact] {
            let mut analysis = Analysis { form, stems: HashMap::new() };
            // Twice, so that what is remembered is compared too.
            for _ in 0..2 {
                let mut stream = analysis.token_stream(text);
                for (position, word) in words(text).into_iter().enumerate() {
                    assert!(stream.advance());
                    let token = stream.token();
                    let expected = if form == Form::Stem { word.stem } else { word.exact };
                    assert_eq!((token.position, &token.text), (position, &expected));
                    assert_eq!((token.offset_from, token.offset_to), (word.start, word.end));
                }
                assert!(!stream.advance());
            }
        }
    }
}
