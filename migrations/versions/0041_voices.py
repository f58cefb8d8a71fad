"""Points of people without an account: links, proposals, support and doubt, decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table('codesign_point', schema=None) as table:
        table.add_column(
            sa.Column('came_by', _enum('pointsource', 'fund', 'typed_for', 'link'), nullable=False, server_default='fund')
        )
        table.add_column(
            sa.Column(
                'showing', _enum('pointshowing', 'own_words', 'our_words'), nullable=False, server_default='own_words'
            )
        )
        table.add_column(sa.Column('retold', sa.JSON(), nullable=True))
        table.add_column(sa.Column('about', sa.String(length=60), nullable=True))
        table.create_check_constraint(
            op.f('ck_codesign_point_retold_before_it_is_shown'),
            sa.text("published_at IS NULL OR showing = 'own_words' OR retold IS NOT NULL"),
        )
    with op.batch_alter_table('codesign_point', schema=None) as table:
        table.alter_column('came_by', server_default=None)
        table.alter_column('showing', server_default=None)
    op.create_table('codesign_link',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('session_key', sa.String(length=40), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('people >= 1', name=op.f('ck_codesign_link_for_somebody')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_codesign_link_call_id_call')),
    sa.ForeignKeyConstraint(['made_by_id'], ['user.id'], name=op.f('fk_codesign_link_made_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_codesign_link')),
    sa.UniqueConstraint('digest', name=op.f('uq_codesign_link_digest'))
    )
    op.create_index(op.f('ix_codesign_link_call_id'), 'codesign_link', ['call_id'])
    op.create_table('codesign_proposal',
    sa.Column('point_id', sa.Uuid(), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('field', sa.String(length=60), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=True),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['point_id'], ['codesign_point.id'], name=op.f('fk_codesign_proposal_point_id_codesign_point'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('point_id', name=op.f('pk_codesign_proposal'))
    )
    _voices()
    op.create_table('codesign_left_open',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('points', sa.JSON(), nullable=False),
    sa.Column('reason', sa.JSON(), nullable=False),
    sa.Column('role', sa.JSON(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('named_by_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_codesign_left_open_call_id_call')),
    sa.ForeignKeyConstraint(['named_by_id'], ['user.id'], name=op.f('fk_codesign_left_open_named_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_codesign_left_open')),
    sa.UniqueConstraint('call_id', name=op.f('uq_codesign_left_open_call_id'))
    )


def _voices() -> None:
    op.create_table('codesign_reply',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('point_id', sa.Uuid(), nullable=False),
    sa.Column('link_id', sa.Uuid(), nullable=False),
    sa.Column('kind', _enum('replykind', 'support', 'doubt', 'comment'), nullable=False),
    sa.Column('voice', sa.String(length=64), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('hidden_why', sa.Text(), nullable=True),
    sa.CheckConstraint("(kind = 'comment') = (voice IS NULL)", name=op.f('ck_codesign_reply_support_and_doubt_have_a_voice')),
    sa.CheckConstraint("kind <> 'comment' OR text <> ''", name=op.f('ck_codesign_reply_a_comment_says_something')),
    sa.ForeignKeyConstraint(['link_id'], ['codesign_link.id'], name=op.f('fk_codesign_reply_link_id_codesign_link')),
    sa.ForeignKeyConstraint(['point_id'], ['codesign_point.id'], name=op.f('fk_codesign_reply_point_id_codesign_point'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_codesign_reply')),
    sa.UniqueConstraint('point_id', 'voice', name=op.f('uq_codesign_reply_point_id_voice')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_codesign_reply_link_id'), 'codesign_reply', ['link_id'])
    op.create_index(op.f('ix_codesign_reply_point_id'), 'codesign_reply', ['point_id'])
    op.create_table('codesign_decision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('point_id', sa.Uuid(), nullable=False),
    sa.Column('rule', _enum('decisionrule', 'consent', 'majority', 'two_thirds'), nullable=False),
    sa.Column('at_least', sa.Integer(), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('at_least >= 1', name=op.f('ck_codesign_decision_by_somebody')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_codesign_decision_call_id_call')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['user.id'], name=op.f('fk_codesign_decision_opened_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['point_id'], ['codesign_point.id'], name=op.f('fk_codesign_decision_point_id_codesign_point'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_codesign_decision'))
    )
    op.create_index(op.f('ix_codesign_decision_call_id'), 'codesign_decision', ['call_id'])
    op.create_index(op.f('ix_codesign_decision_point_id'), 'codesign_decision', ['point_id'])
    op.create_table('codesign_ballot',
    sa.Column('decision_id', sa.Uuid(), nullable=False),
    sa.Column('voice', sa.String(length=64), nullable=False),
    sa.Column('link_id', sa.Uuid(), nullable=False),
    sa.Column('choice', _enum('voice', 'agree', 'stand_aside', 'object', 'yes', 'no', 'neither'), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.CheckConstraint("choice <> 'object' OR reason <> ''", name=op.f('ck_codesign_ballot_an_objection_says_why')),
    sa.ForeignKeyConstraint(['decision_id'], ['codesign_decision.id'], name=op.f('fk_codesign_ballot_decision_id_codesign_decision'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['link_id'], ['codesign_link.id'], name=op.f('fk_codesign_ballot_link_id_codesign_link')),
    sa.PrimaryKeyConstraint('decision_id', 'voice', name=op.f('pk_codesign_ballot')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_codesign_ballot_link_id'), 'codesign_ballot', ['link_id'])


def downgrade() -> None:
    for table in ('codesign_left_open', 'codesign_ballot', 'codesign_decision', 'codesign_reply', 'codesign_proposal', 'codesign_link'):
        op.drop_table(table)
    with op.batch_alter_table('codesign_point', schema=None) as table:
        table.drop_constraint(op.f('ck_codesign_point_retold_before_it_is_shown'), type_='check')
        table.drop_constraint(op.f('ck_codesign_point_pointsource'), type_='check')
        table.drop_constraint(op.f('ck_codesign_point_pointshowing'), type_='check')
        for name in ('about', 'retold', 'showing', 'came_by'):
            table.drop_column(name)
