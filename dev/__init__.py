"""Developer tooling of territory_planning: ``python3 -m dev <command>``.

It gets a real Odoo and a real PostgreSQL without root, runs them, and tests the addon on
them. Standard library only, one role per file; start reading at ``__main__.py``.
"""
