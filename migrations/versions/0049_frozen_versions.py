"""What a call says and its dates never change once it is published: the database refuses it."""

from __future__ import annotations

from alembic import op

revision = '0049'
down_revision = '0048'
branch_labels = None
depends_on = None

ON_SQLITE = (
    """CREATE TRIGGER call_version_frozen_insert BEFORE INSERT ON call_version WHEN EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND (id = NEW.id OR call_id = NEW.call_id)) BEGIN SELECT RAISE(ABORT, 'version_is_frozen'); END""",
    """CREATE TRIGGER call_version_frozen_update BEFORE UPDATE ON call_version WHEN OLD.frozen_at IS NOT NULL OR EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND (id = NEW.id OR call_id = NEW.call_id)) BEGIN SELECT RAISE(ABORT, 'version_is_frozen'); END""",
    """CREATE TRIGGER call_version_frozen_delete BEFORE DELETE ON call_version WHEN OLD.frozen_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'version_is_frozen'); END""",
    """CREATE TRIGGER round_frozen_insert BEFORE INSERT ON round WHEN EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND call_id IN (NEW.call_id, (SELECT call_id FROM round WHERE round.id = NEW.id))) BEGIN SELECT RAISE(ABORT, 'version_is_frozen'); END""",
    """CREATE TRIGGER round_frozen_update BEFORE UPDATE OF id, call_id, code, opens_at, eoi_closes_at, full_closes_at, scoring_opens_at, scoring_closes_at, panel_meets_at, told_at, grace_minutes ON round WHEN EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND call_id = OLD.call_id) OR EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND call_id IN (NEW.call_id, (SELECT call_id FROM round WHERE round.id = NEW.id))) BEGIN SELECT RAISE(ABORT, 'version_is_frozen'); END""",
    """CREATE TRIGGER round_frozen_delete BEFORE DELETE ON round WHEN EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND call_id = OLD.call_id) BEGIN SELECT RAISE(ABORT, 'version_is_frozen'); END""",
    """CREATE TRIGGER application_frozen_update BEFORE UPDATE OF call_version_id ON application WHEN OLD.call_version_id <> NEW.call_version_id BEGIN SELECT RAISE(ABORT, 'version_is_frozen'); END""",
)
ON_POSTGRESQL = (
    """CREATE FUNCTION call_version_frozen_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND (id = NEW.id OR call_id = NEW.call_id)) THEN RAISE EXCEPTION 'version_is_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER call_version_frozen_insert BEFORE INSERT ON call_version FOR EACH ROW EXECUTE FUNCTION call_version_frozen_insert()""",
    """CREATE FUNCTION call_version_frozen_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.frozen_at IS NOT NULL OR EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND (id = NEW.id OR call_id = NEW.call_id)) THEN RAISE EXCEPTION 'version_is_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER call_version_frozen_update BEFORE UPDATE ON call_version FOR EACH ROW EXECUTE FUNCTION call_version_frozen_update()""",
    """CREATE FUNCTION call_version_frozen_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.frozen_at IS NOT NULL THEN RAISE EXCEPTION 'version_is_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$""",
    """CREATE TRIGGER call_version_frozen_delete BEFORE DELETE ON call_version FOR EACH ROW EXECUTE FUNCTION call_version_frozen_delete()""",
    """CREATE FUNCTION round_frozen_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND call_id IN (NEW.call_id, (SELECT call_id FROM round WHERE round.id = NEW.id))) THEN RAISE EXCEPTION 'version_is_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER round_frozen_insert BEFORE INSERT ON round FOR EACH ROW EXECUTE FUNCTION round_frozen_insert()""",
    """CREATE FUNCTION round_frozen_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND call_id = OLD.call_id) OR EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND call_id IN (NEW.call_id, (SELECT call_id FROM round WHERE round.id = NEW.id))) THEN RAISE EXCEPTION 'version_is_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER round_frozen_update BEFORE UPDATE OF id, call_id, code, opens_at, eoi_closes_at, full_closes_at, scoring_opens_at, scoring_closes_at, panel_meets_at, told_at, grace_minutes ON round FOR EACH ROW EXECUTE FUNCTION round_frozen_update()""",
    """CREATE FUNCTION round_frozen_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND call_id = OLD.call_id) THEN RAISE EXCEPTION 'version_is_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$""",
    """CREATE TRIGGER round_frozen_delete BEFORE DELETE ON round FOR EACH ROW EXECUTE FUNCTION round_frozen_delete()""",
    """CREATE FUNCTION application_frozen_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.call_version_id <> NEW.call_version_id THEN RAISE EXCEPTION 'version_is_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER application_frozen_update BEFORE UPDATE OF call_version_id ON application FOR EACH ROW EXECUTE FUNCTION application_frozen_update()""",
    """CREATE FUNCTION call_version_frozen_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND true) THEN RAISE EXCEPTION 'version_is_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$""",
    """CREATE TRIGGER call_version_frozen_truncate BEFORE TRUNCATE ON call_version FOR EACH STATEMENT EXECUTE FUNCTION call_version_frozen_truncate()""",
    """CREATE FUNCTION round_frozen_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM call_version WHERE frozen_at IS NOT NULL AND true) THEN RAISE EXCEPTION 'version_is_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$""",
    """CREATE TRIGGER round_frozen_truncate BEFORE TRUNCATE ON round FOR EACH STATEMENT EXECUTE FUNCTION round_frozen_truncate()""",
)
NAMES = (
    ('call_version', 'call_version_frozen_insert'),
    ('call_version', 'call_version_frozen_update'),
    ('call_version', 'call_version_frozen_delete'),
    ('round', 'round_frozen_insert'),
    ('round', 'round_frozen_update'),
    ('round', 'round_frozen_delete'),
    ('application', 'application_frozen_update'),
)
EMPTIED = ('call_version', 'round')


def upgrade() -> None:
    for statement in ON_SQLITE if op.get_bind().dialect.name == 'sqlite' else ON_POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for _table, name in NAMES:
            op.execute(f'DROP TRIGGER {name}')
        return
    for table, name in (*NAMES, *((table, f'{table}_frozen_truncate') for table in EMPTIED)):
        op.execute(f'DROP TRIGGER {name} ON {table}')
        op.execute(f'DROP FUNCTION {name}()')
