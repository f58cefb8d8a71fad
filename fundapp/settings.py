"""One frozen Settings, read from the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

MEGABYTE = 1024 * 1024
DEMO_SECRET = "demo-secret-that-protects-nothing-but-invented-people"  # noqa: S105 - refused in production
TEST_SECRET = "test-secret-that-protects-nothing-but-invented-people"  # noqa: S105 - refused in production
DEMO_BANK_KEY = "demo-key-of-bank-numbers-that-belong-to-nobody"
MAIL_TLS = ("none", "starttls", "tls")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


PREFIX = "FUNDAPP_"


class SettingsError(Exception):
    """A variable that cannot be read, or settings that production must not run with."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class Environment(StrEnum):
    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations. Names of the variables: `FUNDAPP_` + upper case."""

    environment: Environment
    secret_key: str
    database_url: str
    data_dir: Path
    bank_key: str = DEMO_BANK_KEY  # seals bank numbers in the database
    bank_key_before: str = ""  # still opens them, until `fundapp bank-numbers seal-again` has run
    public_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ()
    redis_url: str | None = None
    service_name: str = "Grants"
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    leave_url: str = "https://www.bbc.co.uk/weather"
    mail_from: str = "Updates <updates@localhost>"
    mail_host: str = "127.0.0.1"
    mail_port: int = 25
    mail_user: str = ""
    mail_password: str = ""
    mail_tls: str = "starttls"
    proxy_hops: int = 0
    max_body: int = 12 * MEGABYTE
    largest_upload: int = 100 * MEGABYTE  # of one file; other requests stay under max_body
    group_files: int = 200  # kept at once for one group
    group_file_bytes: int = 1024 * MEGABYTE
    person_files: int = 100  # sent by one person in a day
    person_file_bytes: int = 512 * MEGABYTE
    translate_url: str = ""  # of a LibreTranslate-compatible server; empty: no machine translates
    translate_key: str = ""
    clamd: str = ""  # a unix socket's path or host:port of this machine; empty: no virus scan
    debug: bool = False
    demo_pages: bool = False
    cookie_secure: bool = True
    log_level: str = "INFO"
    server_arguments: str = ""

    @property
    def is_demo(self) -> bool:
        return self.environment is Environment.DEMO

    @property
    def is_test(self) -> bool:
        return self.environment is Environment.TEST

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def may_write_near(self) -> bool:
        """Events may go to this machine itself, without TLS: to try them out, never in production."""
        return self.is_demo or self.is_test

    @property
    def public_host(self) -> str:
        return urlsplit(self.public_url).hostname or ""

    @property
    def is_onion(self) -> bool:
        return self.public_host.endswith(".onion")

    @property
    def cookie_name(self) -> str:
        """The prefix makes browsers refuse the cookie from anywhere but this host over TLS."""
        return "__Host-sid" if self.cookie_secure else "sid"

    @classmethod
    def for_tests(cls, database_url: str, data_dir: Path) -> Settings:
        return cls(
            environment=Environment.TEST,
            secret_key=TEST_SECRET,
            database_url=database_url,
            data_dir=data_dir,
            public_url="http://localhost",
            trusted_hosts=("localhost",),
            cookie_secure=False,
        )

    @classmethod
    def for_demo(cls, data_dir: Path, *, port: int) -> Settings:
        return cls(
            environment=Environment.DEMO,
            secret_key=DEMO_SECRET,
            database_url=f"sqlite:///{data_dir.resolve() / 'fundapp.db'}",
            data_dir=data_dir,
            public_url=f"http://127.0.0.1:{port}",
            trusted_hosts=LOOPBACK,
            demo_pages=True,
            cookie_secure=False,
        )

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> Settings:
        """Raises SettingsError naming every variable that is missing or unreadable."""
        reader = _Reader(variables)
        environment = reader.environment()
        is_production = environment is Environment.PRODUCTION
        data_dir = Path(reader.text("DATA_DIR", "instance"))
        settings = cls(
            environment=environment,
            secret_key=reader.secret("SECRET_KEY", "" if is_production else DEMO_SECRET),
            database_url=reader.text("DATABASE_URL", f"sqlite:///{data_dir.resolve() / 'fundapp.db'}"),
            data_dir=data_dir,
            bank_key=reader.secret("BANK_KEY", "" if is_production else DEMO_BANK_KEY),
            bank_key_before=reader.secret("BANK_KEY_BEFORE", ""),
            public_url=reader.text("PUBLIC_URL", cls.public_url),
            trusted_hosts=reader.words("TRUSTED_HOSTS", () if is_production else LOOPBACK),
            redis_url=reader.secret("REDIS_URL", "") or None,
            service_name=reader.text("SERVICE_NAME", cls.service_name),
            contact_name=reader.text("CONTACT_NAME", ""),
            contact_phone=reader.text("CONTACT_PHONE", ""),
            contact_email=reader.text("CONTACT_EMAIL", ""),
            leave_url=reader.text("LEAVE_URL", cls.leave_url),
            mail_from=reader.text("MAIL_FROM", cls.mail_from),
            mail_host=reader.text("MAIL_HOST", cls.mail_host),
            mail_port=reader.number("MAIL_PORT", cls.mail_port),
            mail_user=reader.text("MAIL_USER", ""),
            mail_password=reader.secret("MAIL_PASSWORD", ""),
            mail_tls=reader.text("MAIL_TLS", cls.mail_tls),
            proxy_hops=reader.number("PROXY_HOPS", cls.proxy_hops),
            max_body=reader.number("MAX_BODY", cls.max_body),
            largest_upload=reader.number("LARGEST_UPLOAD", cls.largest_upload),
            group_files=reader.number("GROUP_FILES", cls.group_files),
            group_file_bytes=reader.number("GROUP_FILE_BYTES", cls.group_file_bytes),
            person_files=reader.number("PERSON_FILES", cls.person_files),
            person_file_bytes=reader.number("PERSON_FILE_BYTES", cls.person_file_bytes),
            translate_url=reader.text("TRANSLATE_URL", ""),
            translate_key=reader.secret("TRANSLATE_KEY", ""),
            clamd=reader.text("CLAMD", ""),
            debug=reader.flag("DEBUG", False),
            demo_pages=reader.flag("DEMO_PAGES", environment is Environment.DEMO),
            cookie_secure=reader.flag("COOKIE_SECURE", is_production),
            log_level=reader.text("LOG_LEVEL", cls.log_level),
            server_arguments=variables.get("GUNICORN_CMD_ARGS", ""),
        )
        if reader.problems:
            raise SettingsError(reader.problems)
        return settings


class _Reader:
    """Reads variables one by one and remembers what could not be read."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.problems: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self._variables.get(PREFIX + name, default)

    def words(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self._variables.get(PREFIX + name)
        return default if value is None else tuple(value.replace(",", " ").split())

    def secret(self, name: str, default: str) -> str:
        """The value itself, or the text of the file that `<name>_FILE` names."""
        path = self._variables.get(f"{PREFIX}{name}_FILE")
        if path is None:
            return self.text(name, default)
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError, ValueError):
            self.problems.append(f"{PREFIX}{name}_FILE names a file that cannot be read.")
            return default

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if value.isascii() and value.isdigit() and len(value) < 16:
            return int(value)
        self.problems.append(f"{PREFIX}{name} must be a whole number.")
        return default

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, "yes" if default else "no").lower()
        if value in ("yes", "true", "on", "1"):
            return True
        if value not in ("no", "false", "off", "0", ""):
            self.problems.append(f"{PREFIX}{name} must be yes or no.")
        return False

    def environment(self) -> Environment:
        value = self.text("ENVIRONMENT", "")
        try:
            return Environment(value)
        except ValueError:
            names = ", ".join(Environment)
            self.problems.append(f"{PREFIX}ENVIRONMENT must be one of: {names}.")
            return Environment.PRODUCTION


def largest_request(settings: Settings) -> int:
    """Of any page: a file and what stands around it."""
    return max(settings.max_body, settings.largest_upload + MEGABYTE)


WEAK_WORDS = ("secret", "changeme", "change-me", "password", "demo", "test", "default", "example")
SHORTEST_SECRET = 32
LARGEST_BODY = 64 * MEGABYTE
LARGEST_FILE = 1024 * MEGABYTE


def problems(settings: Settings) -> list[str]:
    """Why these settings must not run in production, in plain sentences; empty when they may."""
    return [
        *_problems_of_secrets(settings),
        *_problems_of_the_bank_key(settings),
        *_problems_of_the_address(settings),
        *_problems_of_services(settings),
        *_problems_of_translation(settings),
        *_problems_of_the_server(settings),
        *_problems_of_files(settings),
    ]


def _problems_of_secrets(settings: Settings) -> Iterator[str]:
    secret = settings.secret_key
    if len(secret) < SHORTEST_SECRET:
        yield f"FUNDAPP_SECRET_KEY must have at least {SHORTEST_SECRET} characters."
    elif len(set(secret)) < 10:
        yield "FUNDAPP_SECRET_KEY repeats a few characters. Make a random one."
    if any(word in secret.lower() for word in WEAK_WORDS):
        yield "FUNDAPP_SECRET_KEY is a known one. Make a random one."
    if not settings.cookie_secure:
        yield "FUNDAPP_COOKIE_SECURE must be yes, or the sign-in cookie can be read on the way."
    if settings.environment is not Environment.PRODUCTION:
        yield "FUNDAPP_ENVIRONMENT must be production."
    if settings.demo_pages:
        yield "FUNDAPP_DEMO_PAGES must be no: those pages let anybody sign in as anybody."
    if settings.debug:
        yield "FUNDAPP_DEBUG must be no: its error pages run code and show secrets."


def _problems_of_the_bank_key(settings: Settings) -> Iterator[str]:
    key = settings.bank_key
    if len(key) < SHORTEST_SECRET or len(set(key)) < 10:
        yield f"FUNDAPP_BANK_KEY must be random, with at least {SHORTEST_SECRET} characters."
    if any(word in key.lower() for word in WEAK_WORDS):
        yield "FUNDAPP_BANK_KEY is a known one. Make a random one."
    if key == settings.secret_key:
        yield "FUNDAPP_BANK_KEY must not be the same as FUNDAPP_SECRET_KEY."


def _problems_of_the_address(settings: Settings) -> Iterator[str]:
    address = urlsplit(settings.public_url)
    if address.scheme != "https" and not settings.is_onion:
        yield "FUNDAPP_PUBLIC_URL must begin with https."
    if not address.hostname or address.hostname in LOOPBACK:
        yield "FUNDAPP_PUBLIC_URL must be the address that people use, not this machine's own."
    if not settings.trusted_hosts:
        yield "FUNDAPP_TRUSTED_HOSTS must name the hosts this service answers for."
    elif any(set(host) & set("*/") or host in ("", ".") for host in settings.trusted_hosts):
        yield "FUNDAPP_TRUSTED_HOSTS must be host names without stars or slashes."
    elif settings.public_host not in settings.trusted_hosts:
        yield "FUNDAPP_TRUSTED_HOSTS must contain the host of FUNDAPP_PUBLIC_URL."
    if urlsplit(settings.leave_url).scheme != "https":
        yield "FUNDAPP_LEAVE_URL must begin with https."


def _problems_of_services(settings: Settings) -> Iterator[str]:
    database = urlsplit(settings.database_url)
    if settings.database_url in ("sqlite://", "sqlite:///:memory:"):
        yield "FUNDAPP_DATABASE_URL keeps everything in memory only. Name a file or a server."
    if "synchronous_commit" in unquote(database.query):
        yield "FUNDAPP_DATABASE_URL must not change synchronous_commit: saved answers would get lost."
    if _is_remote(database.hostname) and "sslmode=verify-full" not in database.query:
        yield "FUNDAPP_DATABASE_URL leads to another machine: it needs sslmode=verify-full."
    if settings.redis_url:
        queue = urlsplit(settings.redis_url)
        if _is_remote(queue.hostname) and queue.scheme != "rediss":
            yield "FUNDAPP_REDIS_URL leads to another machine: it must begin with rediss (TLS)."
        if _is_remote(queue.hostname) and not queue.password:
            yield "FUNDAPP_REDIS_URL leads to another machine: it needs a password."
    if not settings.mail_host:
        yield "FUNDAPP_MAIL_HOST must name a mail server, or nobody gets a sign-in code."
    if settings.mail_tls == "none" and _is_remote(settings.mail_host):
        yield "FUNDAPP_MAIL_TLS must be starttls or tls for a mail server on another machine."
    if settings.mail_tls not in MAIL_TLS:
        yield "FUNDAPP_MAIL_TLS must be one of: none, starttls, tls."
    if "@localhost" in settings.mail_from or "@" not in settings.mail_from:
        yield "FUNDAPP_MAIL_FROM must be an address that people can get mail from."


def _problems_of_translation(settings: Settings) -> Iterator[str]:
    if not settings.translate_url:
        if settings.translate_key:
            yield "FUNDAPP_TRANSLATE_KEY is set and FUNDAPP_TRANSLATE_URL is not. Set both, or none."
        return
    server = urlsplit(settings.translate_url)
    if server.scheme not in ("http", "https") or not server.hostname:
        yield "FUNDAPP_TRANSLATE_URL must be the address of a server, such as https://translate.example.org."
    elif _is_remote(server.hostname) and server.scheme != "https":
        yield "FUNDAPP_TRANSLATE_URL leads to another machine: it must begin with https."
    if server.username or server.password or server.query:
        yield "FUNDAPP_TRANSLATE_URL must not hold a key. Set FUNDAPP_TRANSLATE_KEY_FILE."


def _problems_of_the_server(settings: Settings) -> Iterator[str]:
    if not 0 < settings.max_body <= LARGEST_BODY:
        yield f"FUNDAPP_MAX_BODY must be between 1 and {LARGEST_BODY} bytes."
    if settings.proxy_hops > 5:
        yield "FUNDAPP_PROXY_HOPS must be the real number of proxies in front, at most 5."
    if "--control-socket" in settings.server_arguments:
        yield "GUNICORN_CMD_ARGS must not open a control socket."
    if "--reload" in settings.server_arguments.split():
        yield "GUNICORN_CMD_ARGS must not contain --reload."
    if settings.log_level.upper() == "DEBUG":
        yield "FUNDAPP_LOG_LEVEL must not be DEBUG: it writes what people typed."


def _problems_of_files(settings: Settings) -> Iterator[str]:
    if not 0 < settings.largest_upload <= LARGEST_FILE:
        yield f"FUNDAPP_LARGEST_UPLOAD must be between 1 and {LARGEST_FILE} bytes."
    if not (settings.group_files and settings.group_file_bytes >= settings.largest_upload):
        yield "FUNDAPP_GROUP_FILES and FUNDAPP_GROUP_FILE_BYTES must leave room for one file at least."
    if not (settings.person_files and settings.person_file_bytes >= settings.largest_upload):
        yield "FUNDAPP_PERSON_FILES and FUNDAPP_PERSON_FILE_BYTES must let a person send one file at least."
    if settings.clamd and not settings.clamd.startswith("/"):
        scanner = urlsplit(f"//{settings.clamd}")
        if not scanner.port:
            yield "FUNDAPP_CLAMD must be the path of a unix socket, or host:port."
        elif _is_remote(scanner.hostname):
            yield "FUNDAPP_CLAMD leads to another machine: files would cross the network for anybody to read."


def _is_remote(host: str | None) -> bool:
    return bool(host) and host not in LOOPBACK
