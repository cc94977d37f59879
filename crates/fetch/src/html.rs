//! The links of a page.

use html5gum::{StartTag, Token, Tokenizer};

/// A link with what it says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) classes: Vec<String>,
    /// All that it says, with single spaces.
    pub(crate) text: String,
    /// What it says in spans of the class `nonvisual`, which is for readers of screens.
    pub(crate) nonvisual: String,
}

/// Every link of a page, in order.
pub(crate) fn links(html: &str) -> Vec<Link> {
    let (mut found, mut open): (Vec<Link>, Option<Link>) = (Vec::new(), None);
    // Of each span that is open, whether it is a nonvisual one.
    let mut spans: Vec<bool> = Vec::new();
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::StartTag(tag) if &**tag.name == b"a" => {
                found.extend(open.take());
                spans.clear();
                open = Some(Link {
                    href: attribute(&tag, b"href"),
                    classes: attribute(&tag, b"class").split_whitespace().map(str::to_owned).collect(),
                    ..Link::default()
                });
            }
            Token::StartTag(tag) if &**tag.name == b"span" && !tag.self_closing => {
                spans.push(attribute(&tag, b"class").split_whitespace().any(|class| class == "nonvisual"));
            }
            Token::EndTag(tag) if &**tag.name == b"span" => {
                spans.pop();
            }
            Token::EndTag(tag) if &**tag.name == b"a" => found.extend(open.take()),
            Token::String(text) => {
                if let Some(link) = &mut open {
                    let text = String::from_utf8_lossy(&text);
                    link.text.push_str(&text);
                    if spans.contains(&true) {
                        link.nonvisual.push_str(&text);
                    }
                }
            }
            _ => {}
        }
    }
    found.extend(open);
    for link in &mut found {
        link.text = single_spaced(&link.text);
        link.nonvisual = single_spaced(&link.nonvisual);
    }
    found
}

fn attribute(tag: &StartTag<()>, name: &[u8]) -> String {
    tag.attributes.get(name).map(|value| String::from_utf8_lossy(value).into_owned()).unwrap_or_default()
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_with_what_they_say_to_whom() {
        let page = r#"<p>x<a class="publication-link big" href="/f/1?a=1&amp;b=2">Report
            <span class="nonvisual">Children&#39;s services inspection, <b>pdf</b> - 20 October 2015</span></a>
            <a href='two'>second<a href=three>third"#;
        let found = links(page);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].href, "/f/1?a=1&b=2");
        assert_eq!(found[0].classes, ["publication-link", "big"]);
        assert_eq!(found[0].nonvisual, "Children's services inspection, pdf - 20 October 2015");
        assert!(found[0].text.starts_with("Report Children's"));
        assert_eq!((found[1].href.as_str(), found[1].text.as_str()), ("two", "second"));
        assert_eq!((found[2].href.as_str(), found[2].nonvisual.as_str()), ("three", ""));
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_links_or_none(text in "[<>a-z=\"'/ &;]{0,200}") {
            let _ = links(&text);
        }
    }
}
