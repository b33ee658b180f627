# SPDX-License-Identifier: Apache-2.0
"""What Alembic runs to migrate: on the connection and in the transaction that `bring_up` was given."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True)
context.run_migrations()
