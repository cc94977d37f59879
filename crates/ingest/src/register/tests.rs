//! What holds of the register of authorities.

use super::*;

#[test]
fn the_embedded_register_has_every_authority_and_resolves_codes_of_any_vintage() {
    let register = Register::embedded().unwrap();
    let current = register.authorities.iter().filter(|a| a.valid_to.is_none()).count();
    assert_eq!((current, register.authorities.len()), (153, 160));
    for (published, name) in [
        ("E08000016", "Barnsley"),
        ("E08000038", "Barnsley"),
        ("E10000002", "Buckinghamshire"),
        ("E06000060", "Buckinghamshire"),
        ("E06000048", "Northumberland"),
        ("E10000006", "Cumbria"),
    ] {
        assert_eq!(register.by_code(published).unwrap().name, name, "{published}");
    }
    assert_eq!(register.by_dfe_code("330").unwrap().name, "Birmingham");
}

#[test]
fn names_are_compared_without_case_and_punctuation() {
    let register = Register::embedded().unwrap();
    for (printed, name) in [
        ("st helens", "St. Helens"),
        ("Telford & Wrekin", "Telford and Wrekin"),
        ("Kingston Upon Hull, City of", "Kingston upon Hull, City of"),
        ("London corporation", "City of London"),
        ("Durham", "County Durham"),
    ] {
        let found = register.by_name(printed);
        assert_eq!(found.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), [name], "{printed}");
    }
    assert!(register.by_name("Narnia").is_empty());
}

#[test]
fn a_title_is_understood_with_whatever_kind_of_council_it_says() {
    let register = Register::embedded().unwrap();
    for (title, name) in [
        ("London Borough of Barnet", "Barnet"),
        ("Nottingham City", "Nottingham"),
        ("Kent County", "Kent"),
        ("Bristol City of", "Bristol, City of"),
        ("Kingston upon Hull City", "Kingston upon Hull, City of"),
        ("Wakefield District Metropolitan Council", "Wakefield"),
        ("Bradford Children and Families Trust", "Bradford"),
        ("Slough Children First", "Slough"),
        ("City of Bradford Metropolitan District Council", "Bradford"),
        ("Royal Borough of Windsor and Maidenhead", "Windsor and Maidenhead"),
        ("Norfolk County Council", "Norfolk"),
        ("Hull City Council", "Kingston upon Hull, City of"),
        ("City of London", "City of London"),
        ("The Council of the Isles of Scilly", "Isles of Scilly"),
        ("St Helens", "St. Helens"),
    ] {
        let found = register.by_title(title, jiff::civil::date(2024, 1, 1));
        assert_eq!(found.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), [name], "{title}");
    }
    assert!(register.by_title("Narnia Borough Council", jiff::civil::date(2024, 1, 1)).is_empty());
}

#[test]
fn an_abolished_authority_names_its_successors_and_each_is_there() {
    let register = Register::embedded().unwrap();
    for authority in register.authorities.iter().filter(|a| a.valid_to.is_some()) {
        assert!(!authority.successor_codes.is_empty(), "{}", authority.name);
        for code in authority.successor_codes.split(' ') {
            let successor = register.by_code(code).unwrap();
            assert!(successor.valid_from >= authority.valid_to, "{} {}", authority.name, successor.name);
        }
    }
}

#[test]
fn inner_and_outer_london_are_the_statistical_ones() {
    let register = Register::embedded().unwrap();
    let inner: Vec<_> = register.authorities.iter().filter(|a| a.comparison_region_code == "E13000001").collect();
    assert_eq!(inner.len(), 14);
    assert!(inner.iter().any(|a| a.name == "Newham") && inner.iter().all(|a| a.name != "Greenwich"));
}

#[test]
fn a_register_that_contradicts_itself_is_refused_by_name() {
    let mut texts = BTreeMap::from([
        (RegisterTable::Region, "region_code,region_name,level,aliases\nR1,North,region,\n".to_owned()),
        (RegisterTable::CodeHistory, "published_code,authority_code,valid_from,valid_to,why\n".to_owned()),
    ]);
    assert!(Register::parse(&texts).unwrap_err().contains("authority_code, dfe_code"));
    texts.insert(
        RegisterTable::Authority,
        "authority_code,dfe_code,name,kind,region_code,comparison_region_code,ofsted_region,valid_from,valid_to,successor_codes\nA1,1,Aton,unitary-authority,R9,R9,North,,,\n".to_owned(),
    );
    assert!(Register::parse(&texts).unwrap_err().contains("Aton is in region R9"));
}

#[test]
fn every_current_authority_has_a_number_of_ofsteds_and_no_two_have_one() {
    let register = Register::embedded().unwrap();
    for authority in register.authorities.iter().filter(|a| a.valid_to.is_none()) {
        assert!(register.ofsted_urn(&authority.authority_code).is_some(), "{}", authority.name);
    }
    assert_eq!(register.ofsted_urn("E10000020"), Some("80418"));
    assert_eq!(register.ofsted_urns.len(), 158);
    let mut texts = BTreeMap::from([
        (RegisterTable::Region, "region_code,region_name,level,aliases\nR1,North,region,\n".to_owned()),
        (RegisterTable::CodeHistory, "published_code,authority_code,valid_from,valid_to,why\n".to_owned()),
        (
            RegisterTable::Authority,
            "authority_code,dfe_code,name,kind,region_code,comparison_region_code,ofsted_region,valid_from,valid_to,successor_codes\nA1,1,Aton,unitary-authority,R1,R1,North,,,\n".to_owned(),
        ),
    ]);
    assert_eq!(Register::parse(&texts).unwrap().ofsted_urn("A1"), None);
    texts.insert(RegisterTable::OfstedUrn, "ofsted_urn,authority_code,source\n1,A1,s\n2,A1,s\n".to_owned());
    assert!(Register::parse(&texts).unwrap_err().contains("two rows for the Ofsted number 2"));
    texts.insert(RegisterTable::OfstedUrn, "ofsted_urn,authority_code,source\n1,A9,s\n".to_owned());
    assert!(Register::parse(&texts).unwrap_err().contains("which has no row"));
}

#[test]
fn no_name_is_no_regions() {
    let register = Register::embedded().unwrap();
    assert!(register.region_by_name("").is_none() && register.region_by_name(" ").is_none());
}
