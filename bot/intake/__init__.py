"""The desk's knowledge of intake as pure code: no web, no Rasa, no database (import-linter enforces it)."""
