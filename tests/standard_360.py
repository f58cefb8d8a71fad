"""The official 360Giving schema, offline, and what a package of ours has against it."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.stored_data import stored

REQUIRED = {
    *("id", "title", "description", "currency", "amountAwarded", "awardDate"),
    *("fundingOrganization", "recipientOrganization"),
}


def standard(name: str) -> Any:
    """A file of the official standard, from beside the project or from a folder named for it."""
    folder = os.environ.get("FUNDAPP_360GIVING_SCHEMA")
    path = Path(folder) / name if folder else stored("360giving", name)
    return path.read_text(encoding="utf-8")


@cache
def validator() -> Draft202012Validator:
    """Offline: the schema of a grant is registered under the address by which the package asks for it.

    Its `$schema` has http, which the library does not know, so the dialect is named here; without the
    format checker every plain date would fail.
    """
    package = json.loads(standard("360-giving-package-schema.json"))
    grant = DRAFT202012.create_resource(grant_schema())
    registry: Registry[Any] = Registry().with_resource(
        package["properties"]["grants"]["items"]["$ref"], grant
    )
    return Draft202012Validator(
        package, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def grant_schema() -> Any:
    """With the extension for diversity, equity and inclusion, as the standard's own tools put it in."""
    grant = json.loads(standard("360-giving-schema.json"))
    dei = json.loads(standard("dei/360-giving-schema.json"))
    grant["properties"] |= dei["properties"]
    return grant | {"definitions": dei["definitions"]}


@cache
def codes(codelist: str, *, extension: str = "") -> frozenset[str]:
    rows = csv.DictReader(standard(f"{extension}codelists/{codelist}.csv").lstrip("\ufeff").splitlines())
    return frozenset(row["Code"] if "Code" in row else row["code"] for row in rows)


def problems(package: Any) -> list[str]:
    """Of the schema, and of the code lists, which the schema does not enforce."""
    found = [
        f"{error.json_path}: {error.message[:200]}" for error in _plain(validator().iter_errors(package))
    ]
    for grant in package["grants"]:
        if missing := REQUIRED - grant.keys():
            found.append(f"{grant.get('id')}: {sorted(missing)} missing")
        for place in grant["beneficiaryLocation"]:
            if place["geoCodeType"] not in codes("geoCodeType"):
                found.append(f"{place['geoCodeType']} is no type of place")
            if place["countryCode"] not in codes("countryCode"):
                found.append(f"{place['countryCode']} is no country")
        found += _dei_problems(grant.get("deiDetails", {}))
        if grant["currency"] not in codes("currency"):
            found.append(f"{grant['currency']} is no currency")
    return found


def _dei_problems(details: Any) -> Iterator[str]:
    """Codes of the extension, which its schema does not enforce either."""
    for area in ("leadership", "mission", "project"):
        said = details.get(area, {})
        used = {
            "askedStatus": [said.get("askedStatus")],
            "replyStatus": [said["replyStatus"]] if "replyStatus" in said else [],
            "availableOptions": said.get("availableOptions", []),
            "taxonomyCodes": said.get("response", {}).get("taxonomyCodes", []),
        }
        for codelist, written in used.items():
            if details and not set(written) <= codes(codelist, extension="dei/"):
                yield f"{area}: {written} is not in {codelist}"


def _plain(errors: Any) -> Iterator[Any]:
    """The cause inside "not valid under any of the given schemas"."""
    for error in errors:
        yield from error.context or [error]
