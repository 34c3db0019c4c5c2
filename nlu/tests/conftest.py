"""Puts the placeholders in place before any test imports Rasa."""

from light import start_light

start_light()
