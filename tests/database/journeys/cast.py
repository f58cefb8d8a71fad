"""Who takes part in the journey, and what they say, each in a script of their own."""

from __future__ import annotations

from dataclasses import dataclass, field

FITTING = {
    "E1": "yes",
    "E2": "yes",
    "E3": "yes",
    "E4": "yes",
    "E5": "yes",
    "E6": "yes",
    "E7": "from_10000",
    "E8": "all",
    "E9": "half",
    "E10": "more_than_half",
    "E11": "no",
    "E12": "yes",
    "E13": "no",
}
NOT_BY_AND_FOR = FITTING | {"E7": "from_100000", "E8": "less", "E9": "less", "E10": "less"}
NOT_IN_LONDON = {"E1": "no"}


@dataclass(frozen=True)
class Group:
    """A group and what it writes. `says`: a first half that every answer of its begins with."""

    name: str
    email: str
    language: str
    says: str
    borough: str
    pounds: int
    strand: str = "A"
    migrant_led: str = "yes"
    check: dict[str, str] = field(default_factory=lambda: FITTING)
    partner: tuple[str, int] | None = None  # name, and what it gets
    marks: tuple[int, int, int, int, int] = (3, 3, 3, 3, 3)

    def answer(self, key: str) -> str:
        """Different for every question, with characters that a careless page would spoil."""
        return f"{self.says} «{key}» & <b>“{key}”</b> 💜"


ZAYTOUN = Group(
    name="أخوات الزيتون",
    email="huda@zaytoun.example",
    language="ar",
    says="نجتمع كل يوم ثلاثاء، ونقرر معًا في المطبخ.",
    borough="Lambeth",
    pounds=40_000,
)
NADIYA = Group(
    name="Хаб «Надія»",
    email="oksana@nadiya.example",
    language="uk",
    says="Ми підтримуємо жінок і вирішуємо все разом.",
    borough="Sutton",
    pounds=50_000,
    check=FITTING | {"E13": "yes"},
)
UMBRAL = Group(
    name="Mujeres del Umbral",
    email="lucia@umbral.example",
    language="es",
    says="¿Quién decide? Nosotras, en asamblea, cada mañana.",
    borough="Southwark",
    pounds=60_000,
    strand="B",
    migrant_led="no",
    partner=("Río Legal Advice", 20_000),
)
THAMES = Group(
    name="Thames Refuge Trust",
    email="ruth@thames.example",
    language="en",
    says="We run a refuge; our trustees decide.",
    borough="Greenwich",
    pounds=80_000,
    migrant_led="no",
    check=NOT_BY_AND_FOR,
    marks=(4, 4, 4, 4, 4),
)
IFTIIN = Group(
    name="Iftiin Room",
    email="hodan@iftiin.example",
    language="so",
    says="Waxaan kulannaa Axad kasta, waana wada go'aansannaa.",
    borough="Brent",
    pounds=30_000,
    marks=(1, 2, 3, 2, 2),
)
LATE_BUS = Group(
    name="Late Bus Club",
    email="sam@latebus.example",
    language="en",
    says="We ride the night bus with people who feel unsafe.",
    borough="Camden",
    pounds=35_000,
    migrant_led="not_sure",
    check=FITTING | {"E2": "no"},
)
INVITED = (ZAYTOUN, NADIYA, UMBRAL, THAMES, IFTIIN)
GROUPS = (*INVITED, LATE_BUS)


@dataclass(frozen=True)
class Member:
    """Somebody on the panel."""

    name: str
    kind: str
    is_chair: bool = False

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@panel.example"


MEMBERS = (
    Member("Bukola Ferreira", "umbrella", is_chair=True),
    Member("Elena Duarte", "umbrella"),
    Member("Ngozi Hartley", "umbrella"),
    Member("Amal Haddad", "lived_experience"),
    Member("Sofia Reyes", "lived_experience"),
    Member("Hanna Kovalenko", "lived_experience"),
    Member("Ifrah Warsame", "lived_experience"),
    Member("Grace Osei", "past_grantee"),
    Member("Marcus Greene", "funder_officer"),
)
