"""Writes a country of figures at the size that docs/performance.md measures models by: 153 authorities, so many
indicators, so many years, in the published layout, with the pipeline that reads them.

    python3 benches/scale.py REGISTER.csv OUT [INDICATORS] [YEARS]
    lais -v --lake /tmp/scale build --sources OUT SHARED/data/ons SHARED/data/dfe-reference --pipelines OUT

REGISTER is a published file that names the authorities by both codes, such as the referrals of children in need.
Figures are drawn from a seed and bear no relation to any authority.
"""

import csv
import random
import sys

register, out = sys.argv[1:3]
indicators = int(sys.argv[3]) if len(sys.argv) > 3 else 500
years = int(sys.argv[4]) if len(sys.argv) > 4 else 12
draw = random.Random(1)

with open(register, encoding="utf-8-sig") as file:
    rows = list(csv.DictReader(file))
last = max(row["time_period"] for row in rows)
held = [row for row in rows if row["time_period"] == last]
places = ["time_identifier", "geographic_level", "country_code", "country_name", "region_code", "region_name",
          "old_la_code", "new_la_code", "la_name"]
columns = [f"{kind}_{i}" for i in range(indicators) for kind in ("scale_x", "scale_n", "scale_p")]
levels = [draw.uniform(0.02, 0.6) for _ in range(indicators)]
with open(f"{out}/scale.csv", "w", newline="") as file:
    write = csv.writer(file)
    write.writerow(["time_period", *places, *columns])
    for year in range(int(last) - years + 1, int(last) + 1):
        for row in held:
            cells = []
            for level in levels:
                n = draw.randint(20, 3000)
                x = min(n, max(0, round(n * level * draw.uniform(0.6, 1.4))))
                cells += [x, n, round(100 * x / n, 1)]
            write.writerow([year, *(row[place] for place in places), *cells])

with open(f"{out}/scale.toml", "w") as file:
    file.write("""id = "scale"
title = "Figures drawn from a seed"
publisher = "nobody"
licence = "none"
reader = "ees-csv"

[recognise]
columns = ["scale_x_0", "scale_p_0"]

[time."Reporting year"]
ends = "03-31"
span = "year"

[publication]
usual_lag_days = 200
""")
    for i in range(indicators):
        polarity = ("low-is-better", "high-is-better", "none")[i % 3]
        file.write(f"""
[[indicators]]
id = "scale-{i}"
title = "Figure {i}"
column = "scale_p_{i}"
unit = "percent"
decimals = 1
polarity = "{polarity}"
criterion = "{('hp-early-help', 'cc-health', 'le-workforce')[i % 3]}"
numerator = {{ column = "scale_x_{i}" }}
denominator = {{ column = "scale_n_{i}" }}
""")
