"""What a grant's money is for and until when: agreed versions, and wishes to change them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0065'
down_revision = '0064'
branch_labels = None
depends_on = None

FROZEN = ('grant_version', 'grant_version_line', 'variation_line')


def _row() -> tuple[sa.Column, sa.Column]:
    return (
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    )


def upgrade() -> None:
    op.create_table('grant_line',
    *_row(),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_grant_line_number_positive')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_grant_line_award_id_award')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grant_line')),
    sa.UniqueConstraint('award_id', 'number', name=op.f('uq_grant_line_award_id_number'))
    )
    op.create_index(op.f('ix_grant_line_award_id'), 'grant_line', ['award_id'])
    op.create_table('variation',
    *_row(),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('move', 'budget', 'extension', name='variationkind',
        native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('status', sa.Enum('told', 'asked', 'agreed', 'refused', 'taken_back', 'lapsed', name='variationstatus',
        native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('moved_days', sa.Enum('all', 'closing', name='moveddays',
        native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('asked_by_id', sa.Uuid(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reply_due_on', sa.Date(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'extension') = (ends_on IS NOT NULL)", name=op.f('ck_variation_extension_has_an_end')),
    sa.CheckConstraint('(ends_on IS NULL) = (moved_days IS NULL)', name=op.f('ck_variation_extension_moves_days')),
    sa.CheckConstraint("(kind = 'move') = (status = 'told')", name=op.f('ck_variation_moves_are_told')),
    sa.CheckConstraint("(status IN ('agreed', 'refused')) = (decided_at IS NOT NULL)",
        name=op.f('ck_variation_decided_has_a_time')),
    sa.CheckConstraint("decided_at IS NULL OR answer <> ''", name=op.f('ck_variation_answered_with_a_reason')),
    sa.CheckConstraint("kind = 'move' OR words <> ''", name=op.f('ck_variation_asked_with_a_reason')),
    sa.CheckConstraint("kind = 'move' OR reply_due_on IS NOT NULL", name=op.f('ck_variation_asked_has_a_day_of_reply')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user.id'], name=op.f('fk_variation_asked_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_variation_award_id_award')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user.id'], name=op.f('fk_variation_decided_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_variation'))
    )
    op.create_index(op.f('ix_variation_award_id'), 'variation', ['award_id'])
    op.create_index(op.f('ix_variation_status'), 'variation', ['status'])
    is_open = sa.text("status = 'asked'")
    op.create_index('uq_variation_open', 'variation', ['award_id', 'kind'], unique=True,
        sqlite_where=is_open, postgresql_where=is_open)
    op.create_table('variation_line',
    *_row(),
    sa.Column('variation_id', sa.Uuid(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_variation_line_amount_not_negative')),
    sa.ForeignKeyConstraint(['line_id'], ['grant_line.id'], name=op.f('fk_variation_line_line_id_grant_line')),
    sa.ForeignKeyConstraint(['variation_id'], ['variation.id'], name=op.f('fk_variation_line_variation_id_variation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_variation_line')),
    sa.UniqueConstraint('variation_id', 'line_id', name=op.f('uq_variation_line_variation_id_line_id'))
    )
    op.create_index(op.f('ix_variation_line_variation_id'), 'variation_line', ['variation_id'])
    op.create_table('grant_version',
    *_row(),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('variation_id', sa.Uuid(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('days', sa.JSON(), nullable=False),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_grant_version_number_positive')),
    sa.CheckConstraint('(number = 1) = (variation_id IS NULL)', name=op.f('ck_grant_version_changed_by_a_variation')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_grant_version_award_id_award')),
    sa.ForeignKeyConstraint(['variation_id'], ['variation.id'], name=op.f('fk_grant_version_variation_id_variation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grant_version')),
    sa.UniqueConstraint('award_id', 'number', name=op.f('uq_grant_version_award_id_number')),
    sa.UniqueConstraint('variation_id', name=op.f('uq_grant_version_variation_id'))
    )
    op.create_index(op.f('ix_grant_version_award_id'), 'grant_version', ['award_id'])
    op.create_table('grant_version_line',
    *_row(),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_grant_version_line_amount_not_negative')),
    sa.ForeignKeyConstraint(['line_id'], ['grant_line.id'], name=op.f('fk_grant_version_line_line_id_grant_line')),
    sa.ForeignKeyConstraint(['version_id'], ['grant_version.id'],
        name=op.f('fk_grant_version_line_version_id_grant_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grant_version_line')),
    sa.UniqueConstraint('version_id', 'line_id', name=op.f('uq_grant_version_line_version_id_line_id'))
    )
    op.create_index(op.f('ix_grant_version_line_version_id'), 'grant_version_line', ['version_id'])
    for table in FROZEN:
        for statement in (*_guard(f'{table}_frozen', table, 'UPDATE'), *_guard(f'{table}_kept', table, 'DELETE')):
            op.execute(statement)


def _guard(name: str, table: str, event: str) -> list[str]:
    if op.get_bind().dialect.name == 'sqlite':
        return [
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN 1 = 1 "
            f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        ]
    row = 'OLD' if event == 'DELETE' else 'NEW'
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF 1 = 1 THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation'; END IF; "
        f"RETURN {row}; END $$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for table in FROZEN:
        for name in (f'{table}_frozen', f'{table}_kept'):
            op.execute(f'DROP TRIGGER {name}' if is_sqlite else f'DROP TRIGGER {name} ON {table}')
            if not is_sqlite:
                op.execute(f'DROP FUNCTION {name}()')
    op.drop_table('grant_version_line')
    op.drop_table('grant_version')
    op.drop_table('variation_line')
    op.drop_table('variation')
    op.drop_table('grant_line')
