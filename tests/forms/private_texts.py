"""Texts for the detector, the same on every run: 500 that hold a private detail, 500 that only look busy."""

from __future__ import annotations

import random
from collections.abc import Callable

SENTENCES = (
    "We meet at {} every Tuesday.",
    "You can reach Amina: {}.",
    "{}",
    "نلتقي هنا: {} كل أسبوع",
    "Пишіть нам {} будь ласка",
    "Nos reunimos en {} los martes",
    "Her number is {}, please keep it.",
    "({})",
    "Ask for the key – {} – after six",
    "She wrote:\n{}\nand we went.",
)
DIGITS = {"ar": "٠١٢٣٤٥٦٧٨٩", "fa": "۰۱۲۳۴۵۶۷۸۹", "bn": "০১২৩৪৫৬৭৮৯", "wide": "０１２３４５６７８９"}
OUTWARD = (
    "E8",
    "N16",
    "SE15",
    "SW1A",
    "EC1Y",
    "W1T",
    "B12",
    "LS11",
    "M14",
    "G42",
    "CF24",
    "BT7",
    "NW10",
    "L8",
)
INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
PREFIXES = ("AB", "CE", "JG", "NP", "PX", "SK", "WM", "ZR", "HJ", "TT")


def postcode(chance: random.Random) -> str:
    inward = f"{chance.randrange(10)}{chance.choice(INWARD_LETTERS)}{chance.choice(INWARD_LETTERS)}"
    whole = f"{chance.choice(OUTWARD)}{chance.choice((' ', '', '  ', '-', chr(0xA0)))}{inward}"
    if chance.random() < 0.15:
        return whole.translate(str.maketrans("ABEHMCPTX", "АВЕНМСРТХ"))  # written on a Ukrainian keyboard
    return chance.choice((whole, whole, whole.lower()))


def insurance_number(chance: random.Random) -> str:
    pairs = [f"{chance.randrange(100):02d}" for _ in range(3)]
    gap = chance.choice(("", " ", "-", "."))
    whole = gap.join([chance.choice(PREFIXES), *pairs, chance.choice("ABCD")])
    return chance.choice((whole, whole.lower(), f"NI number {whole[:-1].rstrip(' -.')}"))


def case_number(chance: random.Random) -> str:
    def digits(count: int) -> str:
        return "".join(str(chance.randrange(10)) for _ in range(count))

    makers: tuple[Callable[[], str], ...] = (
        lambda: f"{chance.choice('RZ')}{chance.choice('UXRFEJ')}{digits(7)}",
        lambda: f"{chance.choice('RZ')}{chance.choice('UXRF')}X{digits(6)}",
        lambda: f"3434-{digits(4)}-{digits(4)}-{digits(4)}",
        lambda: f"1212 {digits(4)} {digits(4)} {digits(4)}",
        lambda: f"GWF{digits(9)}",
        lambda: f"{chance.choice('ABCKMPST')}{digits(7)}",
        lambda: f"{chance.choice('ABCKM')}{digits(7)}/2",
        lambda: f"ASC/{digits(7)}",
        lambda: f"2{digits(1)}/0{chance.randrange(1, 9)}/{digits(5)}/001",
        lambda: f"PA/{digits(5)}/2024",
        lambda: f"TN5/{digits(7)}",
        lambda: f"UI-2025-{digits(6)}",
    )
    return chance.choice(makers)()


def phone(chance: random.Random) -> str:
    def digits(count: int) -> str:
        return "".join(str(chance.randrange(10)) for _ in range(count))

    makers: tuple[Callable[[], str], ...] = (
        lambda: f"07{digits(3)} {digits(6)}",
        lambda: f"07{digits(9)}",
        lambda: f"+44 7{digits(3)} {digits(3)} {digits(3)}",
        lambda: f"+44 (0)7{digits(3)} {digits(6)}",
        lambda: f"020 7{digits(3)} {digits(4)}",
        lambda: f"(0161) {digits(3)} {digits(4)}",
        lambda: f"0044-7{digits(3)}-{digits(6)}",
        lambda: f"+380 44 {digits(3)} {digits(2)} {digits(2)}",
        lambda: f"+252 61 {digits(7)}",
        lambda: f"0121.{digits(3)}.{digits(4)}",
        lambda: f"WhatsApp {chance.randrange(2, 9)}{digits(3)} {digits(4)}",
        lambda: f"0800 {digits(3)} {digits(4)}",
    )
    whole = chance.choice(makers)()
    if chance.random() < 0.25:
        return whole.translate(str.maketrans("0123456789", chance.choice(list(DIGITS.values()))))
    return whole


def positives() -> list[tuple[str, str]]:
    """(kind, text), 125 of each of the four kinds."""
    chance = random.Random(77)
    makers = {
        "postcode": postcode,
        "national_insurance": insurance_number,
        "case_number": case_number,
        "phone": phone,
    }
    return [
        (kind, chance.choice(SENTENCES).format(make(chance)))
        for kind, make in makers.items()
        for _ in range(125)
    ]


EVERYDAY = """\
Rent for {b} months: £{b},{c}.{b}
In all £{b} {c}, of that £ {a},{c} for phone bills
Wir brauchen {a}.{c},{b} Pfund; presupuesto {b}.{c},00
On {day}/{month}/{year} and {day}.{month}.{year} we met
{year}-{month}-{day}, from 0{a}:{b} to {h}:30
{b} women aged {h}-{b}, {b}% of them mothers
Between {year} and {year} ({year}-{h}) we helped {d}
Charity number 1{c}{c}, company number {a}{c}{d}
Registered company no. SC{c}{c} and OC3{a}{d}
Call DGF-{year}, question Q{a}, part {a}b of E{h}
Bus {c} and the M25, room B{b}, {a}th floor, A4 paper, COVID-19
E{a} 1st question, E{h} 4th question; N{h} and SE{h} areas, W{a} 2nd class
0.{b} FTE, 0-{a} years, 24/7, {a}x{a}, 1:{b}
٪{b} من {c} امرأة، {a}٬{c} جنيه في عام ٢٠٢٦
{h} сесій по {b} хв, бюджет {b} {c},{b}, {year} рік
Weeks 01 0{a} 10 11 12 13: two sessions each, {day}-{month}-{year}
Call 999 in danger, 101 or 111 otherwise; {a} of {h} did
{a}{c}{c} views, {c},{c} people, population {a} {c} {c}
Section {b}, Act {year} c.{b}, ISO {d}:{year}
Windows {h}, iPhone {h} S, {c}GB, v{a}.{h}.{b}
At {h} {a}pm or {a} 30am, {a} hours, W{a} 2pm class, by 10 5pm
+{b}% against {year}, −{h}, ±{a}, 00{a}
Lines: 1) {d} 2) {c} 3) {d} total {b}{c}
H{a}N{a}, B{h} vitamin, Level {a} ESOL, KS{a}, Year {h}
Receipt B{a}M{a}RWX{a}, invoice {year}/{c}, order {d}-{a}"""


def negatives() -> list[str]:
    """500 texts with numbers and codes that everybody writes in an application."""
    chance = random.Random(78)
    lines = EVERYDAY.splitlines()
    return [
        lines[number % len(lines)].format(
            a=chance.randrange(1, 10),
            b=chance.randrange(10, 100),
            c=chance.randrange(100, 1000),
            d=chance.randrange(1000, 10000),
            h=chance.randrange(10, 21),
            day=f"{chance.randrange(1, 29):02d}",
            month=f"{chance.randrange(1, 13):02d}",
            year=chance.randrange(2010, 2028),
        )
        for number in range(500)
    ]
