"""What a connection to PostgreSQL has prepared it keeps from test to test.

psycopg forgets it all with each ROLLBACK, since a table made in that transaction may be gone: a test ends in one, and
takes no table with it that another knew. To have the same statements read and planned anew for each test takes the
server half as long again and this process an eighth.
"""

from psycopg._preparing import PrepareManager

# More than the suite has. psycopg's hundred are a tenth of what one page after another asks.
STATEMENTS = 10_000


def keep_prepared() -> None:
    """From now on, for all connections of this process."""
    PrepareManager.prepared_max = STATEMENTS
    PrepareManager.clear = _kept  # type: ignore[assignment, method-assign]


def _kept(_prepared: PrepareManager) -> bool:
    return False
