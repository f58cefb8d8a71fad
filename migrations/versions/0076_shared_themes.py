"""What everybody is told about the themes of a year, and texts that groups keep out of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0076'
down_revision = '0075'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('shared_themes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('announced', 'published', name='sharedthemesstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('open_from', sa.Date(), nullable=False),
    sa.Column('announced_by_id', sa.Uuid(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by_id', sa.Uuid(), nullable=True),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'published') = (published_at IS NOT NULL)", name=op.f('ck_shared_themes_published_at_a_time')),
    sa.CheckConstraint('year BETWEEN 2000 AND 2999', name=op.f('ck_shared_themes_year_of_a_calendar')),
    sa.ForeignKeyConstraint(['announced_by_id'], ['user.id'], name=op.f('fk_shared_themes_announced_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_shared_themes_call_id_call')),
    sa.ForeignKeyConstraint(['published_by_id'], ['user.id'], name=op.f('fk_shared_themes_published_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_themes')),
    sa.UniqueConstraint('call_id', 'year', name=op.f('uq_shared_themes_call_id_year'))
    )
    op.create_index(op.f('ix_shared_themes_call_id'), 'shared_themes', ['call_id'], unique=False)
    op.create_table('text_kept_out',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('coded_text_id', sa.Uuid(), nullable=False),
    sa.Column('kept_out_by_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['coded_text_id'], ['coded_text.id'], name=op.f('fk_text_kept_out_coded_text_id_coded_text')),
    sa.ForeignKeyConstraint(['kept_out_by_id'], ['user.id'], name=op.f('fk_text_kept_out_kept_out_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_text_kept_out')),
    sa.UniqueConstraint('coded_text_id', name=op.f('uq_text_kept_out_coded_text_id'))
    )


def downgrade() -> None:
    op.drop_table('text_kept_out')
    op.drop_index(op.f('ix_shared_themes_call_id'), table_name='shared_themes')
    op.drop_table('shared_themes')
