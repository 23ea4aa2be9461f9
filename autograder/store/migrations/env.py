"""What Alembic runs: the revisions, inside the transaction of the connection it was handed."""

from alembic import context

from autograder.store.migrations import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
