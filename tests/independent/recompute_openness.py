"""Works out the published figures of a call again, and says where they differ. Knows nothing of fundapp.

    python recompute_openness.py figures.json grants.json [figures.csv]

From the grants (360Giving) come the sums, the boroughs and what was withheld; from the numbers of groups
and the hours that the call asks come the burden and the net value; from who leads groups and what income
they have come the ring-fences. Only the standard library is used, and nothing is shared with the program
that published them.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

Data = dict[str, Any]
SMALLEST = 5
INCOME_OF_SMALL = 100_000


def main(figures_file: str, grants_file: str, table_file: str | None = None) -> int:
    figures = json.loads(Path(figures_file).read_text(encoding="utf-8"))
    package = json.loads(Path(grants_file).read_text(encoding="utf-8"), parse_float=Decimal)
    found = [
        *money(figures, package["grants"]),
        *boroughs(figures, package["grants"]),
        *groups(figures),
        *burden(figures),
        *ring_fences(figures),
        *small_numbers(figures),
    ]
    if table_file:
        found += table(figures, Path(table_file).read_text(encoding="utf-8"))
    for line in found:
        print(line)
    return 1 if found else 0


def differ(name: str, published: object, worked_out: object) -> list[str]:
    same = published == worked_out
    return [] if same else [f"{name}: published {published}, worked out {worked_out}"]


def pounds(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def percent(part: Any, whole: Any) -> str | None:
    if not whole:
        return None
    exact = Decimal(str(part)) * 100 / Decimal(str(whole))
    return str(exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def money(figures: Data, grants: list[Data]) -> list[str]:
    published = figures["money"]
    named = sum((pounds(grant["amountAwarded"]) for grant in grants), Decimal(0))
    not_named = published["withheld_grants"] + published["not_published_yet_grants"]
    not_named_sum = pounds(published["withheld"]) + pounds(published["not_published_yet"])
    return [
        *differ("number of grants", published["grants"], len(grants) + not_named),
        *differ("sum of grants", pounds(published["awarded"]), named + not_named_sum),
        *differ("sum by income", pounds(published["kept"]), total(figures["incomes"])),
        *differ("sum by community", pounds(published["kept"]), total(figures["communities"])),
        *differ("sum by borough", pounds(published["awarded"]), total(figures["boroughs"])),
    ]


def total(rows: list[Data]) -> Decimal:
    return sum((pounds(row["amount"]) for row in rows), Decimal(0))


def boroughs(figures: Data, grants: list[Data]) -> list[str]:
    """Every row that is shown by itself, from the grants in the open; the others must be the rest."""
    sums: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    for grant in grants:
        place = grant["beneficiaryLocation"][0]["name"]
        numbers[place] += 1
        sums[place] += int(pounds(grant["amountAwarded"]) * 100)
    found = []
    for row in figures["boroughs"]:
        if row["key"] != "together":
            found += differ(f"grants in {row['key']}", row["funded"], numbers[row["key"]])
            found += differ(f"money in {row['key']}", pounds(row["amount"]), pounds(sums[row["key"]]) / 100)
    return found


def groups(figures: Data) -> list[str]:
    said = figures["groups"]
    return [
        *differ("grants", said["grants"], figures["money"]["grants"]),
        *differ(
            "share of first stage",
            said["percent_of_eois"],
            percent(said["grants"], said["eois"]) if said["eois"] else None,
        ),
        *differ(
            "share of full applications",
            said["percent_of_full"],
            percent(said["grants"], said["full"]) if said["full"] else None,
        ),
    ]


def burden(figures: Data) -> list[str]:
    """Hours for one group, times the groups; a day of work has its price."""
    said, got = figures["burden"], figures["money"]["grants"]
    hour = {name: Decimal(said[name]) for name in said if name.endswith("_hours")}
    rate = Decimal(said["day_pay"]) / Decimal(said["hours_a_day"])
    applying = said["counted_eois"] * hour["eoi_hours"] + said["counted_full"] * hour["application_hours"]
    after_one = hour["checks_hours"] + hour["monitoring_hours"]
    hours = applying + got * after_one
    awarded = Decimal(figures["money"]["awarded"])
    grant, before_one, after = pounds(awarded / got), pounds(applying * rate / got), pounds(after_one * rate)
    return [
        *differ("hours", Decimal(said["hours"]), hours),
        *differ("cost", pounds(said["cost"]), pounds(hours * rate)),
        *differ("share of the money", said["percent_of_awarded"], percent(pounds(hours * rate), awarded)),
        *differ("average grant", pounds(said["mean_grant"]), grant),
        *differ("worth of the average grant", pounds(said["net_mean_grant"]), grant - before_one - after),
        *differ("worth of all grants", pounds(said["net_of_all"]), awarded - pounds(hours * rate)),
    ]


def ring_fences(figures: Data) -> list[str]:
    """As far as the tables show what they are made of: rows that stand alone."""
    led = {row["key"]: pounds(row["amount"]) for row in figures["communities"]}
    small = [row for row in figures["incomes"] if row["key"].startswith("from_")]
    of_income = {int(row["key"].removeprefix("from_")): pounds(row["amount"]) for row in small}
    worked_out = {}
    if "together" not in led:
        worked_out["MIGRANT"] = led.get("migrant", Decimal(0))
        worked_out["BYFOR"] = worked_out["MIGRANT"] + led.get("by_and_for", Decimal(0))
    if not any(row["key"] == "together" for row in figures["incomes"]):
        worked_out["SMALL"] = sum(
            (amount for start, amount in of_income.items() if start < INCOME_OF_SMALL), Decimal(0)
        )
    found = []
    for row in figures["ring_fences"]:
        if row["key"] in worked_out:
            found += differ(f"ring-fence {row['key']}", pounds(row["reached"]), worked_out[row["key"]])
        reached, required = Decimal(row["reached"]), Decimal(row["required"])
        if row["kind"] == "floor":
            found += differ(f"ring-fence {row['key']} met", row["met"], reached >= required)
        if row["key"] == "BYFOR":
            found += differ("floor of BYFOR", required, pounds(Decimal(figures["money"]["fund"]) * 60 / 100))
    return found


def small_numbers(figures: Data) -> list[str]:
    """No number of groups below five, and no difference within a row either."""
    found = []
    for part in ("answers", "incomes", "communities", "boroughs"):
        for row in figures[part]:
            numbers = [row[name] for name in ("groups", "asked", "funded") if row.get(name) is not None]
            apart = [abs(one - other) for one in numbers for other in numbers]
            if any(0 < number < SMALLEST for number in numbers + apart):
                found.append(f"{part} {row['key']}: a number under five can be read or worked out")
    return found


def table(figures: Data, text: str) -> list[str]:
    """The table says what the figures say: every sum of the grants and each row."""
    cells = {tuple(row[:3]): row[3] for row in csv.reader(text.splitlines())}
    found = differ("awarded in the table", cells.get(("money", "", "awarded")), figures["money"]["awarded"])
    for part in ("incomes", "communities", "boroughs"):
        for row in figures[part]:
            name = f"{part} {row['key']} in the table"
            found += differ(name, cells.get((part, row["key"], "amount")), row["amount"])
    return found


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
