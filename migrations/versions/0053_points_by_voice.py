"""Points that people say aloud by a link, and the recordings until they are written down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None

BEFORE = ('fund', 'typed_for', 'link')


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _came_by(kinds: tuple[str, ...]) -> str:
    return f"came_by IN ({', '.join(repr(kind) for kind in kinds)})"


def upgrade() -> None:
    with op.batch_alter_table('codesign_point', schema=None) as table:
        table.drop_constraint(op.f('ck_codesign_point_pointsource'), type_='check')
        table.create_check_constraint(op.f('ck_codesign_point_pointsource'), _came_by((*BEFORE, 'voice')))
    op.create_table('codesign_recording',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('link_id', sa.Uuid(), nullable=False),
    sa.Column('file_id', sa.Uuid(), nullable=False),
    sa.Column('status', _enum('spokenstatus', 'waiting', 'written', 'set_aside', 'lost'), nullable=False),
    sa.Column('said_by', sa.JSON(), nullable=False),
    sa.Column('said_in', sa.String(length=12), nullable=False),
    sa.Column('showing', _enum('pointshowing', 'own_words', 'our_words'), nullable=False),
    sa.Column('about', sa.String(length=60), nullable=True),
    sa.Column('keep_until', sa.Date(), nullable=False),
    sa.Column('point_id', sa.Uuid(), nullable=True),
    sa.Column('aside_why', sa.Text(), nullable=False),
    sa.CheckConstraint("point_id IS NULL OR status = 'written'", name=op.f('ck_codesign_recording_a_point_once_written')),
    sa.CheckConstraint("(status = 'set_aside') = (aside_why <> '')", name=op.f('ck_codesign_recording_set_aside_says_why')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_codesign_recording_call_id_call')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_codesign_recording_file_id_stored_file')),
    sa.ForeignKeyConstraint(['link_id'], ['codesign_link.id'], name=op.f('fk_codesign_recording_link_id_codesign_link')),
    sa.ForeignKeyConstraint(['point_id'], ['codesign_point.id'], name=op.f('fk_codesign_recording_point_id_codesign_point'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_codesign_recording')),
    sa.UniqueConstraint('file_id', name=op.f('uq_codesign_recording_file_id'))
    )
    for column in ('call_id', 'link_id', 'point_id', 'status'):
        op.create_index(op.f(f'ix_codesign_recording_{column}'), 'codesign_recording', [column])


def downgrade() -> None:
    for column in ('status', 'point_id', 'link_id', 'call_id'):
        op.drop_index(op.f(f'ix_codesign_recording_{column}'), table_name='codesign_recording')
    op.drop_table('codesign_recording')
    op.execute("UPDATE codesign_point SET came_by = 'link' WHERE came_by = 'voice'")
    with op.batch_alter_table('codesign_point', schema=None) as table:
        table.drop_constraint(op.f('ck_codesign_point_pointsource'), type_='check')
        table.create_check_constraint(op.f('ck_codesign_point_pointsource'), _came_by(BEFORE))
