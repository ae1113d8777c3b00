"""Adding many rows at once by COPY where the database has it."""

from collections.abc import Sequence

from django.db import connection, models


def add_all(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Write new rows; their keys are not told. The database's constraints and triggers hold as ever.

    Where a row holds a long text, COPY takes a third of the time of an INSERT of many: nothing is quoted and parsed.
    """
    if not rows:
        return
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows)
        return
    fields = [each for each in model._meta.concrete_fields if not isinstance(each, models.AutoField)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(each.column)) for each in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([each.get_db_prep_save(getattr(row, each.attname), connection) for each in fields])
