"""Turns a JSON Schema document into the statements that make it tables.

Pure Python, run inside the server by PL/Python and outside it by `bss compile`: no clock, no
randomness, no database. Rooms know only the rooms before them, and a test holds them to it:

    diagnostic ◀ model ◀ document ◀ lowering ◀ validation
                 model ◀ snapshot
                 model ◀ diff ◀ plan ◀ ddl
                                     ◀ boundary, which knows them all
"""
