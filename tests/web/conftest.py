"""Fixtures of the citizens' page for every browser test beside this file."""

from test_chat_page import comes, filed  # noqa: F401
