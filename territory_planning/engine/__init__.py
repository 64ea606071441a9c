"""The numerical engine: pure Python, no records, no clock, no files.

Arrays in, arrays out. See ``docs/science.md`` for the methods and their sources.
"""
