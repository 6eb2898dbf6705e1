"""Rasa custom actions: thin over the desk. Rasa's action server imports every module here (`rasa run actions`)."""
