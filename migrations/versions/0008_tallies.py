"""What groups tell us apart from their application: counts without any link, also of what we had until now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

MINUTES = (15, 30, 60, 90, 120, 180, 240, 360, 480, 720, 960, 1440, 2400)
STAGE = sa.Enum('eoi', 'full', name='applicationstage', native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table('tally',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('stage', STAGE, nullable=False),
    sa.Column('topic', sa.String(length=40), nullable=False),
    sa.Column('choice', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.CheckConstraint('number >= 0', name=op.f('ck_tally_number_not_negative')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_tally_round_id_round')),
    sa.PrimaryKeyConstraint('round_id', 'stage', 'topic', 'choice', name=op.f('pk_tally')),
    sqlite_with_rowid=False
    )
    op.create_table('spent_ticket',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_spent_ticket')),
    sqlite_with_rowid=False
    )
    _count_what_we_have()
    op.drop_column('application', 'minutes_taken')


def _count_what_we_have() -> None:
    """The minutes stood beside the application; only how many groups needed how long is kept."""
    application = sa.table(
        'application', sa.column('round_id', sa.Uuid()), sa.column('stage'), sa.column('minutes_taken')
    )
    tally = sa.table(
        'tally',
        sa.column('round_id', sa.Uuid()),
        sa.column('stage'),
        sa.column('topic'),
        sa.column('choice'),
        sa.column('number'),
    )
    counts: dict[tuple[object, str, str], int] = {}
    known = sa.select(application).where(application.c.minutes_taken.is_not(None))
    for round_id, stage, minutes in op.get_bind().execute(known):
        band = next((str(end) for end in MINUTES if minutes <= end), 'more')
        counts[round_id, stage, band] = counts.get((round_id, stage, band), 0) + 1
    for (round_id, stage, band), number in counts.items():
        row = {'round_id': round_id, 'stage': stage, 'topic': 'minutes', 'choice': band, 'number': number}
        op.get_bind().execute(sa.insert(tally).values(**row))


def downgrade() -> None:
    op.add_column('application', sa.Column('minutes_taken', sa.Integer(), nullable=True))
    op.drop_table('spent_ticket')
    op.drop_table('tally')
