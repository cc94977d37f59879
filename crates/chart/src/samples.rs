//! Trends that tests draw: one usual, the others at the edges.

use jiff::civil::date;

use crate::{Point, Role, Series, Trend};

fn label(year: i16) -> String {
    format!("{}-{:02}", year - 1, year % 100)
}

/// Points of reporting years from the one that ends in `first`; a text is a reason.
fn points(first: i16, values: &[Result<f64, &str>]) -> Vec<Point> {
    let point = |(year, value): (i16, &Result<f64, &str>)| match value {
        Ok(value) => Point::observed(date(year, 3, 31), label(year), *value),
        Err(reason) => Point::missing(date(year, 3, 31), label(year), *reason),
    };
    (first..).zip(values).map(point).collect()
}

fn series(name: &str, role: Role, first: i16, values: &[Result<f64, &str>]) -> Series {
    Series { name: name.to_owned(), role, points: points(first, values) }
}

fn observed(name: &str, role: Role, first: i16, values: &[f64]) -> Series {
    series(name, role, first, &values.iter().map(|v| Ok(*v)).collect::<Vec<_>>())
}

fn rereferrals(series: Vec<Series>) -> Trend {
    Trend {
        id: None,
        title: "Re-referrals within 12 months".to_owned(),
        unit: "per cent".to_owned(),
        decimals: 1,
        source: "Department for Education, Children in need 2025".to_owned(),
        series,
    }
}

/// Thirteen years of four series with a suppressed year, a year not available and a boundary change.
pub(crate) fn typical() -> Trend {
    let subject = [
        Ok(17.4),
        Ok(16.8),
        Ok(18.9),
        Err("suppressed"),
        Ok(19.6),
        Err("not available"),
        Ok(21.3),
        Ok(22.0),
        Err("not comparable (boundary change)"),
        Ok(24.9),
        Ok(23.2),
        Ok(21.4),
        Ok(20.7),
    ];
    let england = [24.9, 23.4, 24.0, 22.3, 21.9, 21.9, 22.6, 22.6, 22.7, 21.5, 22.4, 22.4, 22.2];
    let region = [22.1, 21.5, 22.0, 20.9, 20.1, 20.6, 21.4, 21.0, 20.3, 19.8, 20.2, 19.4, 18.9];
    let neighbours = [20.2, 19.9, 20.6, 19.4, 19.0, 19.8, 20.1, 20.3, 19.5, 19.1, 18.0, 17.2, 16.4];
    rereferrals(vec![
        series("Exampleshire", Role::Subject, 2013, &subject),
        observed("England", Role::Country, 2013, &england),
        observed("Western Marches", Role::Region, 2013, &region),
        observed("Statistical neighbours, mean", Role::Neighbours, 2013, &neighbours),
    ])
}

/// Four series that end within 0.2 of one another.
pub(crate) fn crowded() -> Trend {
    rereferrals(vec![
        observed("Exampleshire", Role::Subject, 2018, &[15.2, 16.9, 19.0, 18.1, 20.2, 20.9, 20.4, 20.7]),
        observed("England", Role::Country, 2018, &[21.9, 21.5, 22.0, 22.7, 21.5, 22.4, 21.1, 20.7]),
        observed("Western Marches", Role::Region, 2018, &[19.9, 19.5, 20.0, 18.1, 19.5, 20.9, 21.1, 20.8]),
        observed("Statistical neighbours", Role::Neighbours, 2018, &[17.9, 18.5, 19.0, 18.1, 18.8, 19.4, 20.1, 20.6]),
    ])
}

/// Names, title and reasons that are longer than a chart is wide.
pub(crate) fn long_names() -> Trend {
    let mut trend = typical();
    trend.title = "Percentage of referrals to children's social care services that were made within twelve months of \
                   the date of a previous referral concerning the same child, all referrals in the reporting year"
        .to_owned();
    trend.series[0].name = "Bournemouthshire, Christchurch-under-Exampleton and Poolehamptonborough".to_owned();
    trend.series[3].name = "Mean of the ten closest statistical neighbours (set of 2024, unweighted)".to_owned();
    trend.series[0].points.pop();
    trend.series[0].points[3] = Point::missing(
        date(2016, 3, 31),
        label(2016),
        "withdrawn by the publisher after the authority reported that its case management system had \
                          counted contacts as referrals from the summer of the year before until the end of the year",
    );
    for series in &mut trend.series {
        for point in &mut series.points {
            point.period = format!("Year ending 31 March {}", point.period_end.year());
        }
    }
    trend
}

/// Counts in the hundred thousands beside counts of a few.
pub(crate) fn huge() -> Trend {
    let mut trend = rereferrals(vec![
        observed(
            "Exampleshire",
            Role::Subject,
            2018,
            &[1203.0, 1250.0, 1444.0, 1502.0, 1388.0, 1611.0, 1702.0, 1690.0],
        ),
        observed(
            "England",
            Role::Country,
            2018,
            &[655_630.0, 650_930.0, 642_980.0, 597_760.0, 650_270.0, 640_430.0, 621_880.0, 612_400.0],
        ),
    ]);
    trend.title = "Referrals".to_owned();
    trend.unit = "referrals".to_owned();
    trend.decimals = 0;
    trend
}

/// Small rates, with zeros, and below zero.
pub(crate) fn tiny() -> Trend {
    let mut trend = rereferrals(vec![
        observed("Exampleshire", Role::Subject, 2018, &[0.0, 0.02, 0.0, 0.05, 0.03, 0.0, 0.0, 0.01]),
        observed("England", Role::Country, 2018, &[0.03, 0.03, 0.02, 0.03, 0.03, 0.02, 0.02, 0.01]),
        observed("Change", Role::Region, 2018, &[-0.03, -0.01, 0.0, 0.01, 0.0, -0.02, 0.0, 0.01]),
    ]);
    trend.unit = "per 10,000 children".to_owned();
    trend.decimals = 2;
    trend
}

/// Percentages far from zero.
pub(crate) fn far_from_zero() -> Trend {
    let mut trend = rereferrals(vec![
        observed("Exampleshire", Role::Subject, 2018, &[93.2, 94.9, 96.0, 95.1, 97.2, 97.9, 98.4, 99.1]),
        observed("England", Role::Country, 2018, &[95.9, 95.5, 96.0, 96.1, 96.5, 96.4, 96.1, 96.7]),
    ]);
    trend.title = "Children looked after whose health assessment was in time".to_owned();
    trend
}

/// One observed value between gaps, and nothing else of the subject.
pub(crate) fn single_point() -> Trend {
    let gap = Err("not available");
    rereferrals(vec![
        series("Exampleshire", Role::Subject, 2021, &[gap, gap, gap, Ok(20.7), gap]),
        observed("England", Role::Country, 2021, &[22.7, 21.5, 22.4, 22.4, 22.2]),
    ])
}

/// No observed value at all.
pub(crate) fn all_missing() -> Trend {
    rereferrals(vec![
        series("Exampleshire", Role::Subject, 2022, &[Err("suppressed"), Err("suppressed"), Err("not available")]),
        series("England", Role::Country, 2022, &[Err("not published"), Err("not published"), Err("not published")]),
    ])
}

/// Forty quarters of five series, two of them regions.
pub(crate) fn dense() -> Trend {
    let roles = [Role::Country, Role::Region, Role::Region, Role::Neighbours, Role::Subject];
    let names = ["England", "London", "Inner London", "Statistical neighbours", "Exampleham"];
    let quarter = |i: i16| date(2015 + i / 4, [3, 6, 9, 12][(i % 4) as usize], 28);
    let series = roles.iter().zip(names).enumerate().map(|(s, (role, name))| {
        let point = |i: i16| {
            let wave = f64::from((i * 7 + s as i16 * 5) % 11) - 5.0;
            let label = format!("{} Q{}", quarter(i).year(), i % 4 + 1);
            Point::observed(quarter(i), label, 60.0 + s as f64 * 6.0 + wave * 0.6 + f64::from(i) * 0.2)
        };
        Series { name: name.to_owned(), role: *role, points: (0..40).map(point).collect() }
    });
    Trend {
        title: "Children looked after".to_owned(),
        unit: "per 10,000 children".to_owned(),
        decimals: 0,
        series: series.collect(),
        ..Trend::default()
    }
}

/// Every sample with its name.
pub(crate) fn all() -> Vec<(&'static str, Trend)> {
    vec![
        ("typical", typical()),
        ("crowded", crowded()),
        ("long-names", long_names()),
        ("huge", huge()),
        ("tiny", tiny()),
        ("far-from-zero", far_from_zero()),
        ("single-point", single_point()),
        ("all-missing", all_missing()),
        ("dense", dense()),
        ("no-series", rereferrals(Vec::new())),
    ]
}
