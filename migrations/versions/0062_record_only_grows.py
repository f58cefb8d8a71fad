"""The record of what happened only grows: the database refuses every other change of it."""

from __future__ import annotations

from alembic import op

revision = '0062'
down_revision = '0061'
branch_labels = None
depends_on = None

COVERED = 'number, at, actor_id, call_id, subject_kind, subject_id, step, details, reason_digest, previous_digest, digest'
GUARDS = {
    'event_in_another_place': ('event', 'INSERT', 'EXISTS (SELECT 1 FROM event WHERE number = NEW.number OR digest = NEW.digest)'),
    'event_changed': ('event', f'UPDATE OF {COVERED}', '1 = 1'),
    'event_reason_changed': ('event', 'UPDATE OF reason, reason_salt', 'NEW.reason IS NOT NULL'),
    'event_kept': ('event', 'DELETE', '1 = 1'),
    'event_chain_goes_on': ('event_chain', 'UPDATE', 'NEW.id <> OLD.id OR NEW.last_number <= OLD.last_number'),
    'event_chain_kept': ('event_chain', 'DELETE', '1 = 1'),
}


def upgrade() -> None:
    for name, (table, moment, refused) in GUARDS.items():
        for statement in guard_of(name, table, moment, refused):
            op.execute(statement)


def guard_of(name: str, table: str, moment: str, refused: str) -> list[str]:
    if op.get_bind().dialect.name == 'sqlite':
        return [
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW WHEN {refused} "
            f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        ]
    row = 'OLD' if moment == 'DELETE' else 'NEW'
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {refused} THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation'; END IF; "
        f"RETURN {row}; END $$",
        f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for name, (table, _moment, _refused) in GUARDS.items():
        op.execute(f'DROP TRIGGER {name}' if is_sqlite else f'DROP TRIGGER {name} ON {table}')
        if not is_sqlite:
            op.execute(f'DROP FUNCTION {name}()')
