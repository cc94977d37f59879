//! Whose a row is, and rows that say the same again.

use super::*;

#[test]
fn areas_by_name_alone_and_by_three_digits_and_shared_codes_are_placed_and_strangers_set_aside() {
    let named = PLAIN.replace("code = 'Code'", "name = 'Code'");
    let made =
        read(&named, &csv("Code,Share\nAldermoor [note 1],1\nAlbia,2\nThe North,3\nElsewhere,4\nAll areas,\n,5\n"))
            .unwrap();
    assert_eq!(made.figures.len(), 3, "{made:?}");
    assert_eq!((made.rules["unknown-name"], made.rules["no-area-and-no-figure"]), (2, 1));
    let made = read(PLAIN, &csv("Code,Share\n901,1\n902 / 903,2\n999,3\nX99999999,\n")).unwrap();
    let lines: Vec<&str> = made.figures.iter().map(String::as_str).collect();
    assert_eq!(
        lines,
        [
            "p-share|X06000001|2024|1.0|2|Share",
            "p-share|X06000002|2024|2.0|3|Share|true",
            "p-share|X10000003|2024|2.0|3|Share|true"
        ]
    );
    assert_eq!(made.rules["unknown-authority"], 2);
}

#[test]
fn a_body_that_bears_a_regions_code_is_not_the_region() {
    let toml = PLAIN.replace("code = 'Code'", "code = 'Code'\nname = 'Name'");
    let made =
        read(&toml, &csv("Code,Name,Share\nX12000001,Northfell Fire Service,1\nX12000001,Northfell,2\n")).unwrap();
    assert_eq!(made.figures, ["p-share|X12000001|2024|2.0|3|Share"]);
    assert_eq!(made.rules["name-contradicts-code"], 1);
}

#[test]
fn a_row_that_says_the_same_again_is_left_out_and_one_that_says_otherwise_set_aside() {
    let made = read(PLAIN, &csv("Code,Share,n\nX06000001,1,2\nX06000001,1,2\n901,1,3\n")).unwrap();
    assert_eq!(rules(&made), [("cell repeated-row", 1), ("kept", 1), ("repeated-row", 1), ("said-again", 1)]);
}

#[test]
fn a_row_of_an_authority_can_stay_where_a_rule_leaves_its_kind_out() {
    let toml = format!(
        "{}[[out_of_scope]]\nrule = 'lower'\ncolumn = 'Tier'\nvalues = ['low']\nunless_authority = true\nwhy = 'w'\n",
        PLAIN.replace("header = [", "ignored = ['Tier']\nheader = [")
    );
    let made = read(&toml, &csv("Code,Tier,Share\nX06000001,low,1\nX07000009,low,2\nX06000002,up,3\n")).unwrap();
    assert_eq!(rules(&made), [("kept", 2), ("lower", 1)]);
}
