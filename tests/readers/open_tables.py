#!/usr/bin/env python3
"""Opens every table of a lake as it lies, in DuckDB, polars and pyarrow, and holds cells against the published files.

usage: open_tables.py LAKE [DATA]
"""
import collections
import csv
import json
import pathlib
import sys
import tomllib

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
            " from observation where source_id = ? and release = ?", [source_id, release]).fetchall()
        if not facts:
            continue
        if file_name.endswith(".parquet"):
            assert len(facts) + hold_long(connection, current, source_id, data / file_name) == rows_read, file_name
            checked += len(facts)
            files += 1
            continue
        with open(data / file_name, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        place = {name.strip(): i for i, name in enumerate(rows[0])}
        assert len(rows) - 1 == rows_read, file_name
        seen = collections.Counter()
        for row, column, value, status, level, code, period in facts:
            printed = [cell.strip() for cell in rows[row - 1]]
            cell = printed[place[column]]
            if cell in STATUS:
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


def main() -> None:
    current = pathlib.Path(sys.argv[1]) / "current"
    print(f"{open_everywhere(current)} tables open in DuckDB, polars and pyarrow")
    if len(sys.argv) > 2:
        checked, files = hold_against_files(current, pathlib.Path(sys.argv[2]))
        print(f"{checked} observations of {files} files equal the cells they name")


main()
