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

# A map of equal squares: row from the north, column of the first borough from the west, then the others.
_ROWS = (
    (0, 4, ["Enfield"]),
    (1, 2, ["Harrow", "Barnet", "Haringey", "Waltham Forest"]),
    (2, 0, ["Hillingdon", "Ealing", "Brent", "Camden", "Islington", "Hackney", "Redbridge", "Havering"]),
    (3, 0, ["Hounslow", "Hammersmith and Fulham", "Kensington and Chelsea", "Westminster"]),
    (3, 4, ["City of London", "Tower Hamlets", "Newham", "Barking and Dagenham"]),
    (4, 1, ["Richmond upon Thames", "Wandsworth", "Lambeth", "Southwark", "Lewisham", "Greenwich", "Bexley"]),
    (5, 2, ["Kingston upon Thames", "Merton", "Croydon", "Bromley"]),
    (6, 3, ["Sutton"]),
)
LONDON_TILES = {
    name: (column + place, row) for row, column, names in _ROWS for place, name in enumerate(names)
}
