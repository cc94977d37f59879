//! Invented sentences for self-evaluations; they are sober, and about nobody.

use crate::dice::Dice;

const STRONG: [&str; 3] = [
    "Practice is strong. Children are seen alone, assessments say what life is like for the child, and help begins \
     before matters get worse.",
    "We are confident in the quality of our work. Social workers know their children well and change plans that do \
     not help.",
    "Our practice is consistent across teams. Thresholds are understood by partners, and decisions are made in time.",
];

const MIXED: [&str; 3] = [
    "Practice is mostly sound and not yet consistent. Most assessments are thorough; some plans say too little about \
     what must change and by when.",
    "Most children receive the right help at the right time. Management oversight is recorded, but it does not always \
     move a case on.",
    "The work of the front door has improved. In the teams that support families for longer, the pace of change is \
     still too slow for some children.",
];

const WEAK: [&str; 3] = [
    "Too much practice is not good enough. Some children wait too long for an assessment, and visits are not always \
     purposeful.",
    "We know that the quality of our work varies too much. Drift is a concern in the planning for children, and \
     supervision has not been regular.",
    "Changes of social worker have weakened relationships with children. Chronologies are often out of date, and risk \
     is not always recognised early.",
];

const IMPACT: [[&str; 2]; 3] = [
    [
        "Families tell us that they know what is asked of them. Fewer children come back to us after their plan has \
         ended.",
        "Children in our care say that they are listened to, and most stay with the same carers.",
    ],
    [
        "Where plans are clear, children's circumstances improve. Where they are not, the same concerns return.",
        "Most children in our care are settled. For those with the most complex needs we do not have enough homes \
         nearby.",
    ],
    [
        "We cannot yet show that our work makes enough of a difference for every child.",
        "For too many children the plan changed more than once in the year, and we do not always know why.",
    ],
];

/// What an authority thinks of its practice.
pub(crate) fn judgement(quality: f64, dice: &mut Dice) -> String {
    dice.pick([&STRONG, &MIXED, &WEAK][level(quality)]).map_or_else(String::new, |text| (*text).to_owned())
}

/// What it thinks that its practice does for children.
pub(crate) fn impact(quality: f64, dice: &mut Dice) -> String {
    dice.pick(&IMPACT[level(quality)]).map_or_else(String::new, |text| (*text).to_owned())
}

const fn level(quality: f64) -> usize {
    if quality > 0.5 {
        0
    } else if quality > -0.8 {
        1
    } else {
        2
    }
}

/// By what it knows.
pub(crate) fn how_it_is_known(dice: &mut Dice) -> Vec<String> {
    let audits = 60 + 4 * dice.below(60);
    let good = 45 + dice.below(40);
    let views = 40 + dice.below(160);
    let mut paragraphs = vec![format!(
        "Managers audited {audits} children's records in the year, most of them together with the social worker. \
         {good}% of the audits were graded good or better, and one in five was moderated by another service."
    )];
    let more = [
        format!(
            "{views} parents and carers answered our short survey. Children's views come from advocates and from \
             our children in care council."
        ),
        "A weekly dashboard shows visits, assessments and supervision by team. Heads of service look at \
         the outliers each month."
            .to_owned(),
        "A peer review by another authority looked at our front door and agreed with most of what we had \
         found."
            .to_owned(),
    ];
    let first = dice.below(more.len());
    paragraphs.extend([more[first].clone(), more[(first + 1) % more.len()].clone()]);
    paragraphs
}

/// What is planned, by what is weakest; nothing in particular for 0.
pub(crate) fn plans(weakest: usize, dice: &mut Dice) -> Vec<String> {
    let main = [
        "We will keep what works, and give experienced practitioners more time to coach others.",
        "A second manager in each assessment team will check every repeat referral for what the earlier help missed.",
        "We will open two small children's homes and recruit foster carers for teenagers, so that fewer children move.",
        "A workforce plan offers agency workers permanent posts and a guaranteed caseload to those newly qualified.",
        "Child protection chairs will review every plan at nine months, to prevent drift and repeat plans.",
    ];
    let months = 3 + dice.below(7);
    vec![
        main.get(weakest).copied().unwrap_or(main[0]).to_owned(),
        format!(
            "Progress is reported to the improvement board each quarter; the first report is due in {months} months."
        ),
        "Personal advisers will be allocated at 16, and pathway plans brought up to date twice a year.".to_owned(),
    ]
}
