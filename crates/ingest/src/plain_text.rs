//! Text of web pages and office programs as plain text on one line.

/// Elements of HTML that stand in published descriptions; anything else in angle brackets is a word, as in
/// `mood <affective> disorders`.
const ELEMENTS: [&str; 28] = [
    "a", "b", "br", "div", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "small",
    "span", "strong", "sub", "sup", "table", "td", "th", "tr", "u", "ul",
];

/// Characters that HTML writes by name.
const ENTITIES: [(&str, &str); 8] = [
    ("&nbsp;", " "),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&apos;", "'"),
    ("&ndash;", "\u{2013}"),
    // Last, so that what it uncovers is not read again.
    ("&amp;", "&"),
];

/// A text without elements of HTML, line breaks, symbols of private fonts and repeated spaces.
pub(crate) fn plain(text: &str) -> String {
    let mut bare = without_elements(text);
    for (name, character) in ENTITIES {
        bare = bare.replace(name, character);
    }
    let is_symbol = |c: char| c.is_control() || ('\u{e000}'..='\u{f8ff}').contains(&c) || c == '\u{feff}';
    let spaced: String = bare.chars().map(|c| if is_symbol(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_elements(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        bare.push_str(&rest[..at]);
        let inside = &rest[at + 1..];
        match inside.find('>').filter(|end| is_element(&inside[..*end])) {
            Some(end) => {
                bare.push(' ');
                rest = &inside[end + 1..];
            }
            None => {
                bare.push('<');
                rest = inside;
            }
        }
    }
    bare.push_str(rest);
    bare
}

fn is_element(inside: &str) -> bool {
    let name: String = inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
    let after = inside.trim_start_matches('/')[name.len()..].chars().next();
    ELEMENTS.contains(&name.to_ascii_lowercase().as_str()) && after.is_none_or(|c| c.is_whitespace() || c == '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_and_line_breaks_go_and_words_stay() {
        for (text, expected) in [
            ("one\r\r\n\r\r\ntwo", "one two"),
            ("<p class='x'>Rate<br/>per 1,000</p>", "Rate per 1,000"),
            ("mood <affective> disorders", "mood <affective> disorders"),
            ("under 5% (<5) & over >9", "under 5% (<5) & over >9"),
            ("a &lt;b&gt; c&nbsp;d &amp;lt;", "a <b> c d &lt;"),
            ("\u{f0b7}\ttwo\u{a0}-\u{202f}three", "two - three"),
            ("<a href=\"https://example.org\">here</a>", "here"),
            ("< p >", "< p >"),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_becomes_one_line_without_a_panic(text in ".{0,80}", markup in "[<>/a-p &;é]{0,40}") {
            for text in [text, markup] {
                proptest::prop_assert!(!plain(&text).contains(['\n', '\r', '\t']));
            }
        }
    }
}
