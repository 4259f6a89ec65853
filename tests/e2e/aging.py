"""Days pass: everything that a running server has written moves back in time, chapter by chapter.

The standard input tells the chapters as JSON, each by when it began and how many seconds of it
lie further back than that. For pictures alone: triggers that keep history are off meanwhile.
"""

from __future__ import annotations

import json
import sys
from itertools import groupby

import psycopg
from psycopg import sql

from pinmark.postgres import running_postgres
from pinmark.settings import Settings

CHAPTERS = """
    CREATE TEMPORARY TABLE chapter (begins timestamptz, back interval);
    CREATE FUNCTION pg_temp.told(at timestamptz) RETURNS timestamptz LANGUAGE sql AS $$
        SELECT at - coalesce(
            (SELECT back FROM chapter WHERE begins <= at ORDER BY begins DESC LIMIT 1), '0')
    $$;
    SET LOCAL session_replication_role = replica;
"""
TIMES = """
    SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables
        USING (table_schema, table_name)
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
        AND data_type = 'timestamp with time zone' AND table_name NOT LIKE 'procrastinate%'
        AND table_name <> 'serving'
    ORDER BY table_name
"""
# One interval after the other, from the oldest: no two ever overlap.
SERVING = """
    DO $$ DECLARE one record; BEGIN
        FOR one IN SELECT * FROM serving ORDER BY since LOOP
            UPDATE serving SET since = pg_temp.told(since), until = pg_temp.told(until)
            WHERE environment_id = one.environment_id AND ordinal = one.ordinal;
        END LOOP;
    END $$
"""


def let_days_pass(database: str, chapters: list[tuple[str, float]]) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(CHAPTERS)
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO chapter VALUES (%s, make_interval(secs => %s))", chapters
            )
        times = connection.execute(TIMES).fetchall()
        for table, columns in groupby(times, key=lambda row: row[0]):
            moved = [
                sql.SQL("{0} = pg_temp.told({0})").format(sql.Identifier(column))
                for _, column in columns
            ]
            connection.execute(
                sql.SQL("UPDATE {} SET {}").format(sql.Identifier(table), sql.SQL(", ").join(moved))
            )
        connection.execute(SERVING)


if __name__ == "__main__":
    let_days_pass(str(running_postgres(Settings())), json.load(sys.stdin))
