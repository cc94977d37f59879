//! A small fictional country: a register of its own and files in the published layouts.

use crate::sandbox::Sandbox;

pub(crate) const REGIONS: &str = "region_code,region_name,level,aliases
X92000001,Albia,country,
X12000001,Northfell,region,
X12000002,Southmere,region,
";

pub(crate) const AUTHORITIES: &str = "authority_code,dfe_code,name,kind,region_code,comparison_region_code,ofsted_region,valid_from,valid_to,successor_codes
X06000001,9001,Aldermoor,unitary-authority,X12000001,X12000001,Northfell,1974-04-01,,
X06000002,9002,Brackwater,unitary-authority,X12000001,X12000001,Northfell,1974-04-01,,
X06000003,9003,Cindleford,unitary-authority,X12000002,X12000002,Southmere,1974-04-01,,
X06000014,9004,Dunmarsh,unitary-authority,X12000002,X12000002,Southmere,1974-04-01,,
";

pub(crate) const CODES: &str = "published_code,authority_code,valid_from,valid_to,why
X06000004,X06000014,,2021-03-31,recoded after a boundary change
X06000014,X06000014,2021-04-01,,recoded after a boundary change
";

pub(crate) const HEADER: &str = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,category,referral_count,rereferral_count,rereferral_percent,no_further_action_count,no_further_action_percent,not_in_need_count,not_in_need_percent,referral_child_count,rereferral_child_count,rereferral_child_percent";

/// A row of the referrals file with these figures first and plausible ones after.
pub(crate) fn referral(year: &str, place: &str, figures: &str) -> String {
    let place = match place {
        "Albia" => "National,X92000001,Albia,,,,,".to_owned(),
        "Northfell" => "Regional,X92000001,Albia,X12000001,Northfell,,,".to_owned(),
        "Southmere" => "Regional,X92000001,Albia,X12000002,Southmere,,,".to_owned(),
        "Aldermoor" => "Local authority,X92000001,Albia,X12000001,Northfell,9001,X06000001,Aldermoor".to_owned(),
        "Brackwater" => "Local authority,X92000001,Albia,X12000001,Northfell,9002,X06000002,Brackwater".to_owned(),
        "Cindleford" => "Local authority,X92000001,Albia,X12000002,Southmere,9003,X06000003,Cindleford".to_owned(),
        "Dunmarsh" => "Local authority,X92000001,Albia,X12000002,Southmere,9004,X06000004,Dunmarsh".to_owned(),
        other => other.to_owned(),
    };
    format!("{year},Reporting year,{place},Referrals,{figures},10,1.0,20,2.0,90,9,10")
}

/// The referrals of two years, with a symbol of each kind.
pub(crate) fn referrals() -> String {
    let rows = [
        referral("2025", "Albia", "400,90,22.5"),
        referral("2025", "Northfell", "200,40,20"),
        referral("2025", "Southmere", "200,50,25"),
        referral("2025", "Aldermoor", "100,15,15"),
        referral("2025", "Brackwater", "100,25,25"),
        referral("2025", "Cindleford", "100,20,20"),
        referral("2025", "Dunmarsh", "100,c,c"),
        referral("2024", "Aldermoor", "80,x,x"),
        referral("2024", "Brackwater", "80,k,low"),
        referral("2024", "Cindleford", "80,z,z"),
        referral("2024", "Dunmarsh", "80,u,u"),
    ];
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

/// A header of neighbours in the published CSV layout, with three neighbours to a row.
pub(crate) const NEIGHBOURS: &str = "old_la_code,la_name,SN_1,SN_1P,SN_2,SN_2P,SN_3,SN_3P,SN_10,SN_10P
9001,Aldermoor,9002,Very close,9003,Close,9004,Close,,
9002,Brackwater,9001,Very close,9003,Close,,,,
";

/// A sandbox with the register, the referrals and the neighbours.
pub(crate) fn albia() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.source("register/region.csv", REGIONS);
    sandbox.source("register/authority.csv", AUTHORITIES);
    sandbox.source("register/authority_code_history.csv", CODES);
    sandbox.source("referrals.csv", referrals());
    sandbox.source("neighbours_2025.csv", NEIGHBOURS);
    sandbox
}
