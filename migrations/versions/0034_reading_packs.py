"""Packs of what one member of a panel may read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None

BEFORE = ('blank_form', 'copy', 'bundle')
PACKS = ('reading_pack', 'reading_recordings')
ABOUT_TWO = (
    "(kind = 'blank_form') = (call_version_id IS NOT NULL AND stage IS NOT NULL)"
    " AND (kind = 'blank_form') = (application_id IS NULL)"
)
ABOUT_THREE = (
    "(kind = 'blank_form') = (call_version_id IS NOT NULL AND stage IS NOT NULL)"
    " AND (kind IN ('copy', 'bundle')) = (application_id IS NOT NULL)"
    " AND (kind IN ('reading_pack', 'reading_recordings')) = (seat_id IS NOT NULL)"
)


def _kinds(kinds: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"


def upgrade() -> None:
    with op.batch_alter_table('made_paper', schema=None) as table:
        table.add_column(sa.Column('seat_id', sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f('fk_made_paper_seat_id_panel_seat'), 'panel_seat', ['seat_id'], ['id'])
        table.create_index(op.f('ix_made_paper_seat_id'), ['seat_id'])
        table.drop_constraint(op.f('ck_made_paper_paperkind'), type_='check')
        table.create_check_constraint(op.f('ck_made_paper_paperkind'), _kinds((*BEFORE, *PACKS)))
        table.drop_constraint(op.f('ck_made_paper_about_a_form_or_an_application'), type_='check')
        table.create_check_constraint(op.f('ck_made_paper_about_one_thing'), ABOUT_THREE)


def downgrade() -> None:
    op.execute(f"DELETE FROM made_paper WHERE {_kinds(PACKS)}")
    with op.batch_alter_table('made_paper', schema=None) as table:
        table.drop_constraint(op.f('ck_made_paper_about_one_thing'), type_='check')
        table.create_check_constraint(op.f('ck_made_paper_about_a_form_or_an_application'), ABOUT_TWO)
        table.drop_constraint(op.f('ck_made_paper_paperkind'), type_='check')
        table.create_check_constraint(op.f('ck_made_paper_paperkind'), _kinds(BEFORE))
        table.drop_constraint(op.f('fk_made_paper_seat_id_panel_seat'), type_='foreignkey')
        table.drop_index(op.f('ix_made_paper_seat_id'))
        table.drop_column('seat_id')
