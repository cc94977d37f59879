"""Holds the table of README.md on what the signals were worth against a backtest of the published files.

check_readme.py README.md BACKTEST.json. Prints each row; exits 1 where one is not what the backtest says.
"""

import json
import sys

ROWS = {"last grade": "last-grade", "last grade and years since": "last-grade-and-years",
        "mean of all indicators": "indicator-mean", "mean of the workforce's": "workforce-mean",
        "score of the review groups": "risk-score", "in alphabetical order": "alphabetical"}


def said(report, signal, outcome):
    found = next(r for r in report["signals"] if r["signal"] == signal and r["outcome"] == outcome)
    return f"{found['auc']:.3f} ({found['auc_low']:.3f} to {found['auc_high']:.3f})"


def main(readme, backtest):
    with open(readme, encoding="utf-8") as file:
        text = file.read()
    with open(backtest, encoding="utf-8") as file:
        report = json.load(file)
    last = next(r for r in report["signals"] if r["signal"] == "last-grade" and r["outcome"] == "less-than-good")
    wanted = [f"| {title} | {said(report, signal, 'less-than-good')} | {said(report, signal, 'declined')} |"
              for title, signal in ROWS.items()]
    wanted += [f"{last['n']} re-inspections with an overall grade, {last['events']} of them less than good",
               f"none of {report['tried'][0]['tried']} single indicators, is shown to add to the last grade"]
    # The sentence stands for every signal and both outcomes.
    if any(verdict["adds"] for verdict in report["verdicts"]):
        wanted.append("a sentence on the signals that add to the last grade")
    missing = [row for row in wanted if row not in text]
    for row in wanted:
        print("MISSING" if row in missing else "ok     ", row)
    return 1 if missing else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: check_readme.py README.md BACKTEST.json")
    sys.exit(main(*sys.argv[1:]))
