"""Texts of agreements as they were signed, the signatures, and their PDF."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0069'
down_revision = '0068'
branch_labels = None
depends_on = None

GUARDS = {
    'agreement_text_frozen': ('agreement_text', 'UPDATE', '1 = 1'),
    'agreement_text_kept': ('agreement_text', 'DELETE', '1 = 1'),
    'agreement_signature_same_text': (
        'agreement_signature',
        'INSERT',
        'NEW.digest IS DISTINCT FROM (SELECT digest FROM agreement_text WHERE id = NEW.text_id)',
    ),
    'agreement_signature_frozen': (
        'agreement_signature',
        'UPDATE',
        'NEW.id IS DISTINCT FROM OLD.id OR NEW.text_id IS DISTINCT FROM OLD.text_id OR NEW.side IS DISTINCT '
        'FROM OLD.side OR NEW.user_id IS DISTINCT FROM OLD.user_id OR NEW.role IS DISTINCT FROM OLD.role OR '
        'NEW.digest IS DISTINCT FROM OLD.digest OR NEW.language IS DISTINCT FROM OLD.language OR '
        "NEW.signed_at IS DISTINCT FROM OLD.signed_at OR NEW.name <> OLD.name AND NEW.name <> ''",
    ),
    'agreement_signature_kept': ('agreement_signature', 'DELETE', '1 = 1'),
}
BEFORE = ('blank_form', 'copy', 'bundle', 'reading_pack', 'reading_recordings')
ABOUT_THREE = (
    "(kind = 'blank_form') = (call_version_id IS NOT NULL AND stage IS NOT NULL)"
    " AND (kind IN ('copy', 'bundle')) = (application_id IS NOT NULL)"
    " AND (kind IN ('reading_pack', 'reading_recordings')) = (seat_id IS NOT NULL)"
)
ABOUT_FOUR = ABOUT_THREE + " AND (kind = 'agreement') = (agreement_id IS NOT NULL)"
ROLES = ('chair', 'treasurer', 'secretary', 'committee', 'director', 'worker', 'other')


def upgrade() -> None:
    op.create_table('agreement_text',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('facts_digest', sa.String(length=64), nullable=False),
    sa.Column('group_signers', sa.Integer(), nullable=False),
    sa.Column('host_id', sa.Uuid(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_agreement_text_number_positive')),
    sa.CheckConstraint('group_signers > 0', name=op.f('ck_agreement_text_somebody_of_the_group_signs')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_agreement_text_award_id_award')),
    sa.ForeignKeyConstraint(['host_id'], ['organisation.id'],
        name=op.f('fk_agreement_text_host_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_text')),
    sa.UniqueConstraint('award_id', 'number', name=op.f('uq_agreement_text_award_id_number')),
    sa.UniqueConstraint('award_id', 'digest', name=op.f('uq_agreement_text_award_id_digest'))
    )
    op.create_index(op.f('ix_agreement_text_award_id'), 'agreement_text', ['award_id'])
    op.create_table('agreement_signature',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text_id', sa.Uuid(), nullable=False),
    sa.Column('side', sa.Enum('fund', 'group', 'host', name='side', native_enum=False,
        create_constraint=True, length=40), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('role', sa.Enum(*ROLES, name='signerrole', native_enum=False,
        create_constraint=True, length=40), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['text_id'], ['agreement_text.id'],
        name=op.f('fk_agreement_signature_text_id_agreement_text')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_agreement_signature_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_signature')),
    sa.UniqueConstraint('text_id', 'user_id', name=op.f('uq_agreement_signature_text_id_user_id'))
    )
    op.create_index(op.f('ix_agreement_signature_text_id'), 'agreement_signature', ['text_id'])
    op.create_index(op.f('ix_agreement_signature_user_id'), 'agreement_signature', ['user_id'])
    for name, (table, event, condition) in GUARDS.items():
        for statement in guard_of(name, table, event, condition):
            op.execute(statement)
    # No text was kept so far. What was accepted holds; what waits goes out again with its text.
    op.execute('UPDATE award SET agreement_digest = NULL')
    with op.batch_alter_table('made_paper', schema=None) as table:
        table.add_column(sa.Column('agreement_id', sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f('fk_made_paper_agreement_id_agreement_text'), 'agreement_text', ['agreement_id'], ['id']
        )
        table.create_index(op.f('ix_made_paper_agreement_id'), ['agreement_id'])
        table.drop_constraint(op.f('ck_made_paper_paperkind'), type_='check')
        table.create_check_constraint(op.f('ck_made_paper_paperkind'), _kinds((*BEFORE, 'agreement')))
        table.drop_constraint(op.f('ck_made_paper_about_one_thing'), type_='check')
        table.create_check_constraint(op.f('ck_made_paper_about_one_thing'), ABOUT_FOUR)


def _kinds(kinds: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"


def guard_of(name: str, table: str, event: str, condition: str) -> list[str]:
    if op.get_bind().dialect.name == 'sqlite':
        condition = condition.replace(' IS DISTINCT FROM ', ' IS NOT ')
        return [
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        ]
    row = 'OLD' if event == 'DELETE' else 'NEW'
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation'; END IF; "
        f"RETURN {row}; END $$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def downgrade() -> None:
    op.execute("DELETE FROM made_paper WHERE kind = 'agreement'")
    with op.batch_alter_table('made_paper', schema=None) as table:
        table.drop_constraint(op.f('ck_made_paper_about_one_thing'), type_='check')
        table.create_check_constraint(op.f('ck_made_paper_about_one_thing'), ABOUT_THREE)
        table.drop_constraint(op.f('ck_made_paper_paperkind'), type_='check')
        table.create_check_constraint(op.f('ck_made_paper_paperkind'), _kinds(BEFORE))
        table.drop_constraint(op.f('fk_made_paper_agreement_id_agreement_text'), type_='foreignkey')
        table.drop_index(op.f('ix_made_paper_agreement_id'))
        table.drop_column('agreement_id')
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for name, (table, _event, _condition) in GUARDS.items():
        op.execute(f'DROP TRIGGER {name}' if is_sqlite else f'DROP TRIGGER {name} ON {table}')
        if not is_sqlite:
            op.execute(f'DROP FUNCTION {name}()')
    op.drop_table('agreement_signature')
    op.drop_table('agreement_text')
