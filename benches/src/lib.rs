//! Fictional published files of any size, for benches.
//!
//! Files are in the layout of the referrals release; it must never hold a real authority's figure.

use std::fmt::Write as _;

/// The register's tables and one file of figures: `(file name, text)`.
#[must_use]
pub fn country(authorities: usize, years: usize) -> Vec<(String, String)> {
    let mut register = String::from(
        "authority_code,dfe_code,name,kind,region_code,comparison_region_code,ofsted_region,valid_from,valid_to,successor_codes\n",
    );
    let mut rows = String::from(
        "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,category,referral_count,rereferral_count,rereferral_percent,no_further_action_count,no_further_action_percent,not_in_need_count,not_in_need_percent,referral_child_count,rereferral_child_count,rereferral_child_percent\n",
    );
    for n in 0..authorities {
        let (code, region) = (format!("X06{n:06}"), n % 9);
        let _ =
            writeln!(register, "{code},9{n:04},Place {n},unitary-authority,X1200000{region},X1200000{region},Fell,,,");
        for year in 0..years {
            let label = 2025 - year;
            let share = (n * 7 + year * 3) % 40;
            let _ = writeln!(
                rows,
                "{label},Reporting year,Local authority,X92000001,Albia,X1200000{region},Fell {region},9{n:04},{code},Place {n},Referrals,1000,{},{share},10,1,c,c,900,90,10",
                share * 10
            );
        }
    }
    let mut regions = String::from("region_code,region_name,level,aliases\nX92000001,Albia,country,\n");
    for region in 0..9 {
        let _ = writeln!(regions, "X1200000{region},Fell {region},region,");
    }
    let codes = "published_code,authority_code,valid_from,valid_to,why\n".to_owned();
    [("authority.csv", register), ("region.csv", regions), ("codes.csv", codes), ("referrals.csv", rows)]
        .map(|(name, text)| (name.to_owned(), text))
        .into()
}
