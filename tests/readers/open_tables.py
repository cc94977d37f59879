#!/usr/bin/env python3
"""Opens every table of a lake as it lies, in DuckDB, polars and pyarrow, and holds cells against the published files.

usage: open_tables.py LAKE [DATA]
"""
import collections
import csv
import json
import pathlib
import re
import sys
import tomllib
import xml.etree.ElementTree as xml
import zipfile

import duckdb
import polars
import pyarrow.parquet

STATUS = {"c": "suppressed", "k": "low", "low": "low", "z": "not-applicable", "x": "not-available", "u": "unreliable"}
LEVEL = {"National": "national", "Regional": "region", "Local authority": "authority"}
AREA = {"national": "country_code", "region": "region_code", "authority": "new_la_code"}


def open_everywhere(current: pathlib.Path) -> int:
    """Every table has the rows that the manifest says, in all three readers, and the same columns."""
    tables = json.loads((current / "manifest.json").read_text())["tables"]
    for name, table in tables.items():
        pattern = str(current / (f"{name}/*.parquet" if table["partitioned"] else f"{name}.parquet"))
        columns = [column["name"] for column in table["columns"]]
        in_duckdb = duckdb.sql(f"select * from read_parquet('{pattern}')")
        in_polars = polars.read_parquet(pattern)
        assert in_duckdb.columns == columns == in_polars.columns, (name, in_duckdb.columns, in_polars.columns)
        assert in_duckdb.aggregate("count(*)").fetchall()[0][0] == table["rows"] == in_polars.height, name
        files = sorted(current.glob(f"{name}/*.parquet")) or [current / f"{name}.parquet"]
        assert sum(pyarrow.parquet.read_table(file).num_rows for file in files) == table["rows"], name
        dictionaries = [column for column, kind in in_polars.schema.items() if kind in (polars.Categorical, polars.Binary)]
        assert not dictionaries, (name, dictionaries)
    return len(tables)


def hold_against_files(current: pathlib.Path, data: pathlib.Path) -> tuple[int, int]:
    """Every observation is the cell of the row and column that it names; no cell of a kept column is missing."""
    connection = duckdb.connect()
    connection.execute(f"create view observation as select * from read_parquet('{current}/observation/*.parquet')")
    sources = connection.execute(f"select source_id, release, file_name, rows_read from '{current}/source.parquet'").fetchall()
    checked = files = 0
    for source_id, release, file_name, rows_read in sources:
        facts = connection.execute(
            "select source_row, source_column, value, status, geography_level, published_code, period_label"
            f", computed_from, multiplier from observation join '{current}/indicator.parquet' using (indicator_id)"
            " where observation.source_id = ? and release = ?", [source_id, release]).fetchall()
        if not facts:
            continue
        if file_name.endswith(".parquet"):
            assert len(facts) + hold_long(connection, current, source_id, data / file_name) == rows_read, file_name
            checked += len(facts)
            files += 1
            continue
        if source_id in TABLES:
            continue
        with open(data / file_name, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        place = {name.strip(): i for i, name in enumerate(rows[0])}
        assert len(rows) - 1 == rows_read, file_name
        seen = collections.Counter()
        for row, column, value, status, level, code, period, formula, multiplier in facts:
            printed = [cell.strip() for cell in rows[row - 1]]
            cell = formula or printed[place[column]]
            if formula:
                agrees = formula == column and (value, status) == computed(
                    formula, multiplier, {name: printed[i] for name, i in place.items()})
            elif cell in STATUS:
                agrees = value is None and STATUS[cell] == status
            else:
                agrees = value == float(cell) and status == "observed"
            agrees = agrees and printed[place["time_period"]] == period and LEVEL[printed[place["geographic_level"]]] == level
            assert agrees and printed[place[AREA[level]]] == code, (file_name, row, column, cell, value, status, code)
            seen[row, column] += 1
        columns = {column for _, column in seen}
        assert len(seen) == rows_read * len(columns), (file_name, "a cell of a kept column is missing")
        checked += len(facts)
        files += 1
    return checked, files


def computed(formula: str, multiplier: int, cells: dict[str, str]) -> tuple[float | None, str]:
    """What a formula, `(a + b) / c`, makes of the printed cells of a row: nothing around a cell that is hidden."""
    numerator, denominator = ([cells[name] for name in part.strip("()").split(" + ")] for part in formula.split(" / "))
    missing = [STATUS[cell] for cell in numerator + denominator if cell in STATUS]
    if missing:
        told = [status for status in ("suppressed", "unreliable") if status in missing]
        none = len(missing) == len(numerator + denominator) and set(missing) == {"not-applicable"}
        return None, told[0] if told else "not-applicable" if none else "not-available"
    whole = sum(map(float, denominator))
    if whole == 0:
        return None, "not-applicable"
    return multiplier * sum(map(float, numerator)) / whole, "observed"


ENDS = {"Academic Year": "08-31", "Financial Year": "03-31", "Calendar Year": "12-31", "Annual": "03-31",
        "Annual (end of Sept)": "09-30", "Annual - January": "01-31"}


def hold_long(connection: duckdb.DuckDBPyConnection, current: pathlib.Path, source_id: str, file: pathlib.Path) -> int:
    """Every row of a long table comes back with its value, status, label and code, or is in quarantine.

    Gives the number of rows in quarantine. Days are held against the dictionary beside the file.
    """
    columns = tomllib.loads((pathlib.Path(__file__).parents[2] / f"pipelines/{source_id}.toml").read_text())["long"]
    with open(next(file.parent.glob("*dictionary.csv")), encoding="utf-8-sig", newline="") as dictionary:
        kinds = [(row["Measure_short"], ENDS[row["Year_Type"]]) for row in csv.DictReader(dictionary)]
    connection.execute("create or replace temp table kind (measure varchar, ends varchar)")
    connection.executemany("insert into kind values (?, ?)", sorted(set(kinds)))
    name = {field: '"' + column + '"' for field, column in columns.items() if isinstance(column, str)}
    connection.execute(f"""create or replace temp table printed as
        select file_row_number + 2 as source_row, {name['measure']} as measure, {name['period']} as label,
            {name['value']} as value, cast(cast({name['code']} as integer) as varchar) as code
        from read_parquet('{file}', file_row_number = true)""")
    connection.execute(f"""create or replace temp table fact as
        select observation.*, lait_name, dfe_code from observation
        join '{current}/indicator.parquet' as indicator using (indicator_id)
        left join '{current}/authority.parquet' as authority on geography_code = authority_code
        where observation.source_id = '{source_id}'""")
    set_aside = connection.execute(
        f"select source_row, column_name, value from read_parquet('{current}/quarantine/*.parquet') where source_id = ?",
        [source_id]).fetchall()
    connection.execute("create or replace temp table aside (source_row bigint, column_name varchar, value varchar)")
    if set_aside:
        connection.executemany("insert into aside values (?, ?, ?)", set_aside)
    wrong = connection.execute(r"""
        select printed.*, fact.* from printed
        left join fact using (source_row) left join aside using (source_row) left join kind on kind.measure = printed.measure
        where not coalesce(
            case when aside.source_row is not null
                then fact.source_row is null and aside.value = case aside.column_name when 'Years' then printed.label else printed.value end
            else fact.lait_name = printed.measure and fact.period_label = printed.label and fact.published_code = printed.code
                and fact.geography_level = case when printed.code = '970' then 'national'
                    when printed.code between '980' and '990' then 'region' else 'authority' end
                and (fact.geography_level <> 'authority' or fact.dfe_code = printed.code)
                and strftime(fact.period_end, '%m-%d') = kind.ends
                and year(fact.period_end) % 100 = cast(regexp_extract(printed.label, '(\d\d)( \(\w+\))?$', 1) as integer)
                and case when printed.value = '-' then fact.value is null and fact.status = 'not-available'
                    else fact.value = try_cast(printed.value as double) and fact.status = 'observed' end
            end, false) limit 5""").fetchall()
    assert not wrong, wrong
    return len(set_aside)
SPEND = {
    "sheet": "LA_Data_20", "key": "ONS Code", "records": 424, "kept": 154,
    "keeps": lambda row: row["Class"] in ("UA", "MD", "LB", "SC", "Eng") and len(row["ONS Code"]) == 9,
}
CENSUS = {"key": "Ethnic group (20 categories) Code", "label": "2021", "keeps": lambda row: list(row.values())[0][0] == "E"
          and row["Ethnic group (20 categories) Code"] != "-8"}
# What this script knows of each file whose figures stand in a table of a layout of its own: it was written from the
# files and their notes, not from the descriptions in pipelines/.
TABLES = {
    "mhclg-revenue-outturn-ro3": {**SPEND, "label": "2024-25", "columns": 490},
    "mhclg-revenue-outturn-rsx": {**SPEND, "label": "2024-25", "columns": 98},
    "mhclg-indices-of-deprivation": {
        "key": "published_avg_score", "records": 4490, "kept": 1530, "label": "2025", "columns": 1, "code": "area_code",
        "keeps": lambda row: row["area_code"][:3] != "E07",
    },
    "ohid-fingertips": {
        "key": "Indicator ID", "label_column": "Time period", "columns": 1, "code": "Area Code", "note": "Value note",
        "keeps": lambda row: row["Category"] == "", "once": ("Area Code", "Sex", "Age", "Time period"), "limits": ("Lower CI 95.0 limit", "Upper CI 95.0 limit"),
    },
    "ons-mid-year-population-by-age": {
        "sheet": "MYE2 - Persons", "key": "Geography", "records": 357, "kept": 163, "label": "2023", "columns": 92, "code": "Code",
        "keeps": lambda row: row["Code"][0] == "E" and row["Geography"] not in ("Non-metropolitan District", "Metropolitan County"),
    },
    "ons-census-ethnic-group-la": {**CENSUS, "records": 3500, "kept": 2907, "columns": 1},
    "ons-census-ethnic-group-region": {**CENSUS, "records": 200, "kept": 171, "columns": 1},
    "ons-census-ethnic-group-country": {**CENSUS, "records": 40, "kept": 19, "columns": 1},
}
MISSING = {"[x]": "not-available", "[n]": "not-available", "[z]": "not-applicable", "[Y]": "not-applicable"}


def squeeze(text: str) -> str:
    """A name without the marks of notes and with single spaces."""
    return " ".join(re.sub(r"\[note[^\]]*\]", " ", text).split())


def ods_rows(path: pathlib.Path, sheet: str) -> list[list[str]]:
    """The rows of a sheet of an OpenDocument workbook: values where a cell has one, else what is printed."""
    names = {"table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0", "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0"}
    table, office = ("{%s}" % names["table"], "{%s}" % names["office"])
    with zipfile.ZipFile(path) as archive:
        root = xml.parse(archive.open("content.xml")).getroot()
    found = next(node for node in root.iter(f"{table}table") if sheet in node.get(f"{table}name"))
    rows: list[list[str]] = []
    for row in found.iter(f"{table}table-row"):
        cells: list[str] = []
        for cell in row:
            if cell.tag not in (f"{table}table-cell", f"{table}covered-table-cell"):
                continue
            text = cell.get(f"{office}value") or "\n".join("".join(part.itertext()) for part in cell if part.tag.endswith("}p"))
            repeated = int(cell.get(f"{table}number-columns-repeated", "1"))
            cells += [text.strip()] * (repeated if text or repeated < 1000 else 0)
        while cells and not cells[-1]:
            cells.pop()
        repeated = int(row.get(f"{table}number-rows-repeated", "1"))
        rows += [cells] * (repeated if cells or repeated < 1000 else 0)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def xlsx_rows(path: pathlib.Path, sheet: str) -> list[list[str]]:
    """The rows of a sheet of an Office Open XML workbook."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    with zipfile.ZipFile(path) as archive:
        part = lambda name: xml.parse(archive.open(name)).getroot()
        strings = ["".join(t.text or "" for t in si.iter(f"{space}t")) for si in part("xl/sharedStrings.xml")]
        wanted = next(node.get(relation) for node in part("xl/workbook.xml").iter(f"{space}sheet") if node.get("name") == sheet)
        target = next(node.get("Target") for node in part("xl/_rels/workbook.xml.rels") if node.get("Id") == wanted)
        root = part(f"xl/{target}")
    rows: dict[int, list[str]] = {}
    for row in root.iter(f"{space}row"):
        cells: list[str] = []
        for cell in row:
            letters = re.match("[A-Z]+", cell.get("r")).group()
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - 64
            value = cell.find(f"{space}v")
            text = "" if value is None else value.text or ""
            cells += [""] * (column - 1 - len(cells)) + [strings[int(text)] if cell.get("t") == "s" else text]
        rows[int(row.get("r"))] = cells
    return [rows.get(number, []) for number in range(1, max(rows) + 1)]


def printed(path: pathlib.Path, known: dict) -> list[list[str]]:
    if path.suffix == ".ods":
        return ods_rows(path, known["sheet"])
    if path.suffix == ".xlsx":
        return xlsx_rows(path, known["sheet"])
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [[cell.strip() for cell in row] for row in csv.reader(file)]


def hold_tables(current: pathlib.Path, data: pathlib.Path) -> tuple[int, int]:
    """The same for figures that stand in a table of a layout of its own: every figure is its cell, and no row is lost."""
    connection = duckdb.connect()
    connection.execute(f"create view observation as select * from read_parquet('{current}/observation/*.parquet')")
    sources = connection.execute(
        f"select source_id, release, file_name, rows_read, rows_kept from '{current}/source.parquet'").fetchall()
    checked = files = 0
    for source_id, release, file_name, rows_read, rows_kept in sources:
        known = TABLES.get(source_id)
        if known is None:
            continue
        path = data / file_name if (data / file_name).exists() else next(data.glob(f"*/{pathlib.Path(file_name).name}"))
        rows = printed(path, known)
        top = next(i for i, row in enumerate(rows) if known["key"] in [squeeze(cell) for cell in row])
        header = [squeeze(cell) for cell in rows[top]]
        assert len(set(header)) == len(header), (file_name, "names of columns stand twice")
        records = [dict(zip(header, [cell.strip() for cell in row] + [""] * len(header))) for row in rows[top:]]
        assert len(records) - 1 == rows_read == known.get("records", rows_read), (file_name, len(records) - 1, rows_read)
        keeps = [i for i, row in enumerate(records[1:], 2) if any(row.values()) and known["keeps"](row)]
        if "once" in known:  # England stands twice in a download, with the same figures
            first: dict[tuple, int] = {}
            for row in keeps:
                first.setdefault(tuple(records[row - 1][name] for name in known["once"]), row)
            keeps = list(first.values())
        facts = connection.execute(
            "select source_row, source_column, value, status, published_code, period_label, ci_low, ci_high, note"
            " from observation where source_id = ? and release = ?", [source_id, release]).fetchall()
        code_column = known.get("code", header[1] if "ONS Code" in header else header[0])
        seen = set()
        for row, column, value, status, code, label, low, high, note in facts:
            record = records[row - 1]
            cell = record[column]
            if cell in MISSING or cell == "" or cell.startswith("[note"):
                reason = "suppressed" if "suppressed" in record.get(known.get("note", ""), "") else MISSING.get(cell, "not-available")
                agrees = value is None and status == reason
            else:
                agrees = value == float(cell) and status == "observed"
            assert agrees and record[code_column] == code, (file_name, row, column, cell, value, status, code)
            assert label == (record[known["label_column"]] if "label_column" in known else known["label"]), (file_name, row, label)
            if "limits" in known:
                limits = tuple(float(record[name]) if record[name] else None for name in known["limits"])
                assert limits == (low, high) and (note or "") == record[known["note"]], (file_name, row, limits, low, high, note)
            seen.add((row, column))
        kept = {row for row, _ in seen}
        assert len(kept) == rows_kept == known.get("kept", rows_kept), (file_name, len(kept), rows_kept)
        if source_id == "mhclg-indices-of-deprivation":
            keeps = {(records[row - 1]["area_code"], records[row - 1]["index"]) for row in keeps}
            kept = {(records[row - 1]["area_code"], records[row - 1]["index"]) for row in kept}
        assert set(keeps) == kept, (file_name, "rows differ", sorted(set(keeps) ^ kept)[:5])
        assert len(seen) == len(facts) == rows_kept * known["columns"], (file_name, len(seen), len(facts))
        checked += len(facts)
        files += 1
    return checked, files


def main() -> None:
    current = pathlib.Path(sys.argv[1]) / "current"
    print(f"{open_everywhere(current)} tables open in DuckDB, polars and pyarrow")
    if len(sys.argv) > 2:
        checked, files = hold_against_files(current, pathlib.Path(sys.argv[2]))
        print(f"{checked} observations of {files} files equal the cells they name")
        checked, files = hold_tables(current, pathlib.Path(sys.argv[2]))
        print(f"{checked} observations of {files} tables of other layouts equal the cells they name")


main()
