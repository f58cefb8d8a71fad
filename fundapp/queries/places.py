"""Codes of the London boroughs (Office for National Statistics, Open Government Licence v3)."""

from __future__ import annotations

BOROUGH_CODE_TYPE = "LONB"
REGION_CODE_TYPE = "RGN/GOR"  # as the code list of 360Giving has it
LONDON = ("London", "E12000007")

_IN_CODE_ORDER = (
    "City of London",
    "Barking and Dagenham",
    "Barnet",
    "Bexley",
    "Brent",
    "Bromley",
    "Camden",
    "Croydon",
    "Ealing",
    "Enfield",
    "Greenwich",
    "Hackney",
    "Hammersmith and Fulham",
    "Haringey",
    "Harrow",
    "Havering",
    "Hillingdon",
    "Hounslow",
    "Islington",
    "Kensington and Chelsea",
    "Kingston upon Thames",
    "Lambeth",
    "Lewisham",
    "Merton",
    "Newham",
    "Redbridge",
    "Richmond upon Thames",
    "Southwark",
    "Sutton",
    "Tower Hamlets",
    "Waltham Forest",
    "Wandsworth",
    "Westminster",
)
BOROUGH_CODES = {name: f"E090000{number:02}" for number, name in enumerate(_IN_CODE_ORDER, start=1)}
