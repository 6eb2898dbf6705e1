"""What `python -m bot VERB` does, one module for each group of verbs."""
