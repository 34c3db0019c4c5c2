"""The few statements that every turn runs, made ready once.

On SQLite most of the time of a small statement is SQLAlchemy's (36 µs of it beside 3 µs of SQLite's own), and
one thread runs them all. So there the text it compiled goes to the driver directly. PostgreSQL, where a
statement is a journey through a socket, is left to SQLAlchemy.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Executable
from sqlalchemy.engine import Connection, CursorResult, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement, ColumnElement, Select
from sqlalchemy.sql.compiler import SQLCompiler

Processor: TypeAlias = Callable[[Any], Any]


class Prepared:
    """One statement, with `bindparam`s or the columns of an insert for its values."""

    def __init__(self, statement: ClauseElement, *columns: str) -> None:
        """`columns`: those that an insert fills."""
        assert isinstance(statement, Executable)
        self._statement: Executable = statement
        self._columns = list(columns) or None
        self._ready: _ForSQLite | None = None

    def all(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Every row."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, dict(values)).all()
        ready = self._for(connection)
        rows = ready.execute(connection, values).fetchall()
        return [ready.read(row) for row in rows] if ready.reads else rows

    def one_or_none(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """The only row there can be."""
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def changed(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """How many rows an update has met."""
        if connection.dialect.name != "sqlite":
            result: CursorResult[Any] = connection.execute(self._statement, dict(values))
            return result.rowcount
        return int(self._for(connection).execute(connection, values).rowcount)

    def _for(self, connection: Connection) -> "_ForSQLite":
        if self._ready is None:
            self._ready = _ForSQLite(self._statement, self._columns, connection.dialect)
        return self._ready


class _ForSQLite:
    """The text for the driver, and how values go in and come out."""

    def __init__(self, statement: Executable, columns: list[str] | None, dialect: Dialect) -> None:
        assert isinstance(statement, ClauseElement)
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        assert isinstance(compiled, SQLCompiler)
        assert compiled.positiontup is not None
        self._text = compiled.string
        self._fixed = compiled.params
        self._takes: list[tuple[str, Processor | None]] = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        ]
        chosen: Sequence[ColumnElement[Any]] = (
            list(statement.selected_columns) if isinstance(statement, Select) else []
        )
        self._gives: list[Processor | None] = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in chosen
        ]
        self.reads = any(self._gives)

    def execute(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """The driver's own cursor."""
        given = []
        for name, process in self._takes:
            value = values[name] if name in values else self._fixed[name]
            given.append(process(value) if process else value)
        if not connection.in_transaction():
            connection.begin()  # as SQLAlchemy would, before its first statement
        driver: Any = connection.connection.driver_connection
        try:
            return driver.execute(self._text, given)
        except sqlite3.Error as error:
            # As SQLAlchemy would say it; never with the values, which may be somebody's name.
            raise DBAPIError.instance(self._text, None, error, sqlite3.Error, True) from error

    def read(self, row: Sequence[Any]) -> Sequence[Any]:
        return [process(value) if process else value for process, value in zip(self._gives, row, strict=True)]
